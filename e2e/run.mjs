// Runs the journeys: `node run.mjs [part of a file name]...`. For each file a fresh demo (one per stage it asks for, or what it starts itself), for
// each journey a fresh browser. HIEC_BINARY and HIEC_CHROMIUM name the programs; with CI=true a skipped journey is a failure.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { takeRegistered } from './journey.mjs'
import { startProduct } from './product.mjs'
import { watch } from './watch.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const results = join(here, 'results')
const ci = Boolean(process.env.CI) && process.env.CI !== 'false'
const binary = resolve(process.env.HIEC_BINARY || join(here, '../target/debug/hiec'))
const browserPath = process.env.HIEC_CHROMIUM || '/usr/bin/chromium'
const count = { passed: 0, failed: 0, skipped: 0 }

const files = (await readdir(join(here, 'journeys'))).filter((name) => name.endsWith('.mjs')).toSorted()
const wanted = process.argv.slice(2)
const chosen = files.filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
const missing = [[binary, 'the built product'], [browserPath, 'Chromium (on Debian: apt-get install chromium)']].filter(([path]) => !existsSync(path))

await rm(results, { recursive: true, force: true })
await mkdir(results, { recursive: true })
if (missing.length > 0) await skipAll()
else await runAll()

console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
const nothingRan = missing.length === 0 && count.passed + count.failed === 0
if (nothingRan) console.error('no journey has this name')
process.exitCode = count.failed > 0 || nothingRan || (ci && count.skipped > 0) ? 1 : 0

async function skipAll() {
  for (const [path, what] of missing) console.log(`missing: ${what}, looked for at ${path}`)
  for (const file of chosen) {
    for (const { title } of await load(file)) {
      count.skipped += 1
      console.log(`- ${file}: ${title} (skipped)`)
    }
  }
}

async function runAll() {
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      // Whatever else asks for another host, by name, finds none.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  })
  for (const file of chosen) await runFile(browser, file)
  await browser.close()
}

async function runFile(browser, file) {
  const products = new Map()
  const productFor = ({ at, start }) => {
    const key = start ?? at
    if (!products.has(key)) products.set(key, start ? start({ binary }) : startProduct({ binary, at }))
    return products.get(key)
  }
  for (const journey of await load(file)) await attempt(file, journey.title, () => run(browser, file, journey, productFor))
  for (const product of products.values()) {
    const started = await product.catch(() => null) // said already, by the journeys that wanted it
    if (started) await started.stop().catch((error) => { fail(file, 'the product stops', error) })
  }
}

async function load(file) {
  await import(new URL(`journeys/${file}`, import.meta.url))
  return takeRegistered()
}

async function attempt(file, title, act) {
  const start = performance.now()
  try {
    await act()
    count.passed += 1
    console.log(`✓ ${basename(file, '.mjs')}: ${title} (${Math.round(performance.now() - start)} ms)`)
  } catch (error) {
    fail(file, title, error)
  }
}

function fail(file, title, error) {
  count.failed += 1
  console.log(`✗ ${basename(file, '.mjs')}: ${title}\n${inWords(error).replace(/^/gm, '    ')}`)
}

// The message, and where in the journey it came from; the runner's own frames say nothing.
function inWords(error) {
  if (!(error instanceof Error)) return String(error)
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at .*\/e2e\/(?!run\.mjs|node_modules)/.test(line))
  return [error.message, ...places].join('\n')
}

async function run(browser, file, { title, options, body }, productFor) {
  const product = await productFor(options)
  const contexts = []
  const open = async ({ width = options.width, height = options.height, javaScript = options.javaScript, host = options.host } = {}) => {
    const base = host ? product.base.replace('127.0.0.1', host) : product.base
    const context = await browser.newContext({
      baseURL: base,
      javaScriptEnabled: javaScript ?? true,
      viewport: { width: width ?? 1280, height: height ?? 900 },
      locale: 'en-GB',
      timezoneId: 'Europe/London',
    })
    context.setDefaultTimeout(15_000)
    contexts.push({ context, problems: watch(context, base, product.hosts) })
    return context.newPage()
  }
  try {
    const page = await open()
    await inTime(options.seconds ?? 120, body({ page, base: product.base, open }))
    const problems = unexpected(contexts, options.expects)
    if (problems.length > 0) throw new Error(`went through, but:\n${problems.join('\n')}`)
  } catch (error) {
    // A style sheet that did not load explains many a failure.
    const seen = unexpected(contexts, options.expects).filter((problem) => !error.message.includes(problem))
    if (seen.length > 0) error.message += `\nOn the way:\n${seen.join('\n')}`
    await keepEvidence(file, title, contexts, product)
    throw error
  } finally {
    for (const { context } of contexts) await context.close()
  }
}

function unexpected(contexts, expects = []) {
  const problems = contexts.flatMap((each) => each.problems)
  return [...new Set(problems)].filter((problem) => !expects.some((pattern) => pattern.test(problem)))
}

async function inTime(seconds, work) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${seconds} s`)), seconds * 1000)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

// What one wants to see after a failure: each page as it stood, and what the server said.
async function keepEvidence(file, title, contexts, product) {
  const folder = join(results, `${basename(file, '.mjs')}-${title}`.replaceAll(/[^\w-]+/g, '-'))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'server.log'), product.output())
  const pages = contexts.flatMap(({ context }) => context.pages())
  for (const [n, page] of pages.entries()) {
    try {
      await page.screenshot({ path: join(folder, `page-${n}.png`), fullPage: true, timeout: 5000 })
      await writeFile(join(folder, `page-${n}.html`), await page.content())
    } catch (error) {
      await writeFile(join(folder, `page-${n}.txt`), `could not be kept: ${error.message}`)
    }
  }
  console.log(`    kept in ${folder}`)
}
