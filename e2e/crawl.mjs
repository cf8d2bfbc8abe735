// Visits what a person can reach by links, and checks on every page what must hold on all of them.
import { inWords, violationsOn } from './axe.mjs'
import { lookAs, open } from './person.mjs'

const MOST_PROBLEMS_SHOWN = 40

/**
 * From `start`, follows links within the product; pages that differ only in ids or in the query count as one shape, of
 * which `perShape` are visited. On each: status below 400; at each width no accessibility violation and nothing wider
 * than the window. Answers that are no pages (a file, JSON) are asked for their status alone.
 * Errors in the console and requests to other hosts fail the journey itself.
 *
 * @returns {Promise<{ visited: string[], shapes: number }>} throws with every problem found
 */
export async function crawl(page, { person, start = '/', limit = 200, perShape = 3, widths = [1280, 375], skip = /\/sign-out/ } = {}) {
  if (person) await lookAs(page, person, start)
  else await open(page, start)
  const { origin } = new URL(page.url())
  const waiting = [new URL(start, origin).href]
  const known = new Set(waiting)
  const shapes = new Map()
  const visited = []
  const problems = new Map()
  const report = (key, where, text) => problems.set(key, problems.get(key) ?? `${where}: ${text}`)

  while (waiting.length > 0 && visited.length < limit) {
    const url = waiting.shift()
    const shape = shapeOf(url)
    if ((shapes.get(shape) ?? 0) >= perShape) continue
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1)
    visited.push(url)

    const answer = await page.request.get(url)
    if (answer.status() >= 400) report(`${answer.status()} ${shape}`, url, `answered ${answer.status()}`)
    if (answer.status() >= 400 || !answer.headers()['content-type']?.startsWith('text/html')) continue

    await page.goto(url, { waitUntil: 'load' })
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 })
      for (const violation of await violationsOn(page)) report(`${violation.id} ${violation.nodes[0].target}`, `${url} at ${width} px`, `\n${inWords(violation)}`)
      const wide = await page.evaluate(widerThanWindow)
      if (wide) report(`wide ${wide}`, `${url} at ${width} px`, `wider than the window: ${wide}`)
    }
    for (const href of await page.locator('a[href]').evaluateAll((links) => links.map((link) => link.href))) {
      const link = new URL(href)
      link.hash = ''
      if (link.origin !== origin || known.has(link.href) || skip.test(link.pathname)) continue
      known.add(link.href)
      waiting.push(link.href)
    }
  }

  if (problems.size > 0) {
    const shown = [...problems.values()].slice(0, MOST_PROBLEMS_SHOWN)
    const more = problems.size > shown.length ? `\nand ${problems.size - shown.length} more` : ''
    throw new Error(`${problems.size} problem(s) on ${visited.length} pages seen as ${person ?? 'the public'}\n${shown.join('\n')}${more}`)
  }
  return { visited, shapes: shapes.size }
}

// What is left of an address when ids and the query's values are gone.
function shapeOf(url) {
  const { pathname, searchParams } = new URL(url)
  const path = pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/gi, '*')
  return `${path}?${[...searchParams.keys()].toSorted().join('&')}`
}

// The first element that sticks out to the right of a page that can be scrolled sideways, or null.
function widerThanWindow() {
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return null
  const elements = [...document.body.querySelectorAll('*')]
  const guilty = elements.find((element) => element.getBoundingClientRect().right > clientWidth + 1)
    // Text that does not break runs out of a box that is not itself too wide.
    ?? elements.findLast((element) => element.scrollWidth > element.clientWidth + 1)
  return `${scrollWidth} px in ${clientWidth} px${guilty ? `, first ${guilty.outerHTML.slice(0, 160)}` : ''}`
}
