// Every kind of page a person can reach by links is sound: answers, is accessible and fits, on a desk and on a telephone.
import assert from 'node:assert/strict'
import { crawl } from '../crawl.mjs'
import { journey } from '../journey.mjs'

const TAKES = { limit: 30, perShape: 1 }

for (const [person, atLeast] of [[undefined, 6], ['lead', 15], ['office', 15]]) {
  journey(`every kind of page ${person ?? 'the public'} can reach is sound`, { seconds: 240 }, async ({ page }) => {
    const { visited } = await crawl(page, { person, ...TAKES })
    assert.ok(visited.length >= atLeast, `only ${visited.length} pages were found: ${visited.join(' ')}`)
  })
}
