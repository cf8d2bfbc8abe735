// The end of a round: letters and standstill seen by a bidder and the office, then the announcement and the open data for everybody.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { crawl } from '../crawl.mjs'
import { journey } from '../journey.mjs'
import { clickLink, lookAs, open } from '../person.mjs'
import { shot } from '../shot.mjs'

journey('a bidder reads the letter: scores, reasons, and no rival', { at: 'standstill' }, async ({ page }) => {
  await lookAs(page, 'lead', '/bids')
  await clickLink(page, /North East London, North Central London and Essex HIEC/)
  await clickLink(page, 'read the outcome letter')
  await page.getByRole('heading', { name: 'Scores', exact: true }).waitFor()
  await page.getByRole('heading', { name: 'Complaints', exact: true }).waitFor()
  assert.doesNotMatch(await page.getByRole('main').innerText(), /South London HIEC|Wessex HIEC/, 'a letter holds nothing of a rival')
  await shot(page, '10-letter')
  await axe(page)
})

journey('in the standstill no award can be made', { at: 'standstill' }, async ({ page }) => {
  await lookAs(page, 'office', '/calls/hiec-2009/awards')
  assert.match(await page.getByRole('main').innerText(), /standstill/i)
  assert.equal(await page.getByRole('button', { name: 'Make every award' }).count(), 0)
  await axe(page)
})

for (const width of [1280, 375]) {
  journey(`everybody reads who was funded, region by region, at ${width} px`, { at: 'announced', width }, async ({ page }) => {
    await open(page, '/')
    await clickLink(page, 'See what was awarded')
    const funded = page.getByRole('table', { name: 'Funded clusters' })
    assert.equal(await funded.getByRole('row').count(), 18, '17 clusters and the names of the columns')
    await page.getByText('NHS South East Coast has no cluster.').waitFor()
    if (width === 1280) await shot(page, '11-announcement')
    await axe(page)
  })
}

journey('everything public can be taken away', { at: 'announced' }, async ({ page, base }) => {
  await open(page, '/open-data')
  await shot(page, '12-open-data')
  await axe(page)
  const files = await page.getByRole('main').getByRole('link').evaluateAll((links) => links.map((link) => link.href))
  const own = [...new Set(files)].filter((href) => href.startsWith(`${base}/open-data/`))
  assert.ok(own.length >= 8, `only ${own.length} files are offered`)
  for (const href of own) {
    const answer = await page.request.get(href)
    assert.equal(answer.status(), 200, href)
    assert.ok((await answer.body()).length > 20, `${href} names not even its columns`)
  }
  const grants = await (await page.request.get('/open-data/360giving.json')).json()
  assert.equal(grants.grants.length, 17)
})

journey('every kind of page the public can reach is sound once all is announced', { at: 'announced', seconds: 240 }, async ({ page }) => {
  const { visited } = await crawl(page, { limit: 30, perShape: 1 })
  assert.ok(visited.length >= 8, `only ${visited.length} pages were found: ${visited.join(' ')}`)
})
