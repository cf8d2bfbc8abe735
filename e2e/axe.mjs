// Accessibility: axe-core on the page as it stands, against WCAG 2.2 at levels A and AA.
import { readFileSync } from 'node:fs'

const source = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Throws with every violation on the page, in words. */
export async function axe(page) {
  const violations = await violationsOn(page)
  if (violations.length > 0) throw new Error(`${violations.length} accessibility violation(s) on ${page.url()}\n${violations.map(inWords).join('\n')}`)
}

/** The violations on the page: `[{ id, help, helpUrl, nodes }]`. */
export async function violationsOn(page) {
  return withScripts(page, evaluateAxe)
}

async function evaluateAxe(page) {
  // Evaluated by the debugger, not added to the page: the page's content security policy stays in force.
  await page.evaluate(source)
  return page.evaluate(async (levels) => {
    const result = await window.axe.run(document, {
      runOnly: { type: 'tag', values: levels },
      // Off by default although it is in WCAG 2.2 AA.
      rules: { 'target-size': { enabled: true } },
      resultTypes: ['violations'],
    })
    return result.violations.map(({ id, help, helpUrl, nodes }) => ({
      id, help, helpUrl, nodes: nodes.map((node) => ({ target: node.target.join(' '), html: node.html, summary: node.failureSummary })),
    }))
  }, LEVELS)
}

// axe waits on timers, which never ring in a browser without JavaScript: there it looks at a copy of the page in a browser
// that has it, with the page's own scripts forbidden.
async function withScripts(page, act) {
  if (!(await page.evaluate(() => matchMedia('(scripting: none)').matches))) return act(page)
  const body = (await page.content()).replaceAll(/<(\/?)noscript\b/g, '<$1div')
  const context = await page.context().browser().newContext({ storageState: await page.context().storageState(), viewport: page.viewportSize() })
  try {
    const copy = await context.newPage()
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "script-src 'none'" }
    await copy.route(page.url(), (route) => route.fulfill({ body, headers }), { times: 1 })
    await copy.goto(page.url())
    return await act(copy)
  } finally {
    await context.close()
  }
}

/** One violation for a reader: the rule, and up to five places with what would mend them. */
export function inWords({ id, help, helpUrl, nodes }) {
  const places = nodes.slice(0, 5).map(({ target, html, summary }) => `    at ${target}: ${html.slice(0, 200)}\n      ${summary.replaceAll('\n', '\n      ')}`)
  if (nodes.length > 5) places.push(`    and ${nodes.length - 5} more`)
  return `  ${id}: ${help} (${helpUrl})\n${places.join('\n')}`
}
