// The built product: started as a person starts it, on a folder of its own that is removed at the end.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SECONDS_TO_START = 60
const SECONDS_TO_STOP = 15

/**
 * Starts `hiec demo` and waits for the line with its address.
 * @returns {Promise<{ base: string, folder: string, output: () => string, stop: () => Promise<void> }>}
 */
export async function startProduct({ binary, at }) {
  const folder = await mkdtemp(join(tmpdir(), 'hiec-e2e-'))
  const flags = ['demo', '--port', '0', '--dir', folder, ...(at ? ['--at', at] : [])]
  const server = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => { server.once('close', (code, signal) => resolve(signal ?? code)) })
  const lines = []
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', (text) => lines.push(text))
  const output = () => lines.join('')

  const stop = async () => {
    server.kill('SIGTERM')
    const how = await Promise.race([ended, seconds(SECONDS_TO_STOP).then(() => 'late')])
    if (how === 'late') server.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true })
    if (how !== 0) throw new Error(`hiec demo did not stop cleanly on SIGTERM (${how === 'late' ? `not within ${SECONDS_TO_STOP} s` : how})\n${output()}`)
  }

  const address = new Promise((resolve) => {
    let seen = ''
    server.stdout.on('data', (text) => {
      seen += text
      const found = /https?:\/\/[^\s/]+(?=[/\s])/.exec(seen)
      if (found) resolve(found[0])
    })
  })
  const failure = (reason) => new Error(`hiec ${flags.join(' ')}: ${reason}\n${output()}`)
  try {
    const base = await Promise.race([
      address,
      ended.then((how) => { throw failure(`ended (${how}) before it printed its address`) }),
      new Promise((_, reject) => { server.once('error', (error) => reject(failure(error.message))) }),
      seconds(SECONDS_TO_START).then(() => { throw failure(`printed no address within ${SECONDS_TO_START} s`) }),
    ])
    return { base, folder, output, stop }
  } catch (error) {
    server.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

function seconds(count) {
  return new Promise((resolve) => { setTimeout(resolve, count * 1000).unref() })
}
