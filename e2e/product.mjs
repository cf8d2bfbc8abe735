// The built product: started as a person starts it, on a folder of its own that is removed at the end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
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
  return start(binary, ['demo', '--port', '0', '--dir', folder, ...(at ? ['--at', at] : [])], folder)
}

/**
 * Starts `hiec serve` on an empty database: an installation as an operator sets it up, with these people in it.
 *
 * @param {{ binary: string, port: number, settings?: Record<string, string>, people?: { email: string, name: string, role: string, password: string }[] }} options
 *   `port` as `freePort` found it; `settings` as they stand in the file
 * @returns {Promise<{ base: string, folder: string, output: () => string, stop: () => Promise<void> }>}
 */
export async function startInstallation({ binary, port, settings = {}, people = [] }) {
  const folder = await mkdtemp(join(tmpdir(), 'hiec-e2e-'))
  const file = join(folder, 'hiec.toml')
  const all = { database: `sqlite://${join(folder, 'hiec.db')}`, listen: `127.0.0.1:${port}`, files: join(folder, 'files'), ...settings }
  await writeFile(file, Object.entries(all).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join(''))
  try {
    for (const { email, name, role, password } of people) await run(binary, ['user', 'add', email, '--name', name, '--role', role, '--config', file], password)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return start(binary, ['serve', '--config', file], folder)
}

/** A port nobody listens on, for where an address must be known before the program starts. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

async function start(binary, flags, folder) {
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
    if (how !== 0) throw new Error(`hiec ${flags[0]} did not stop cleanly on SIGTERM (${how === 'late' ? `not within ${SECONDS_TO_STOP} s` : how})\n${output()}`)
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

// One command to its end, with a line on its standard input.
async function run(binary, flags, line) {
  const command = spawn(binary, flags, { stdio: ['pipe', 'ignore', 'pipe'] })
  let said = ''
  command.stderr.setEncoding('utf8').on('data', (text) => { said += text })
  command.stdin.end(`${line}\n`)
  const [code] = await once(command, 'close')
  if (code !== 0) throw new Error(`hiec ${flags.join(' ')}: ended with ${code}\n${said}`)
}

function seconds(count) {
  return new Promise((resolve) => { setTimeout(resolve, count * 1000).unref() })
}
