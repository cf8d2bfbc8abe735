// A cluster's life, as its people, its region and the public see it: measures that say when nothing changed, money, the board, a return.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { crawl } from '../crawl.mjs'
import { journey } from '../journey.mjs'
import { clickLink, lookAs, open } from '../person.mjs'
import { shot } from '../shot.mjs'

const AT = 'second-year'

journey('everybody finds the 17 clusters and what each works on', { at: AT }, async ({ page }) => {
  await open(page, '/clusters')
  const answer = await page.request.get('/clusters', { headers: { accept: 'application/json' } })
  const clusters = await answer.json()
  assert.equal((Array.isArray(clusters) ? clusters : clusters.clusters).length, 17)
  await shot(page, '13-clusters')
  await axe(page)
})

journey('the director sees what needs somebody, and every room of the cluster', { at: AT }, async ({ page }) => {
  await lookAs(page, 'director', '/clusters/necles')
  await page.getByRole('heading', { name: 'What needs somebody' }).waitFor()
  await shot(page, '14-cluster')
  await axe(page)
  for (const [room, heading] of [['Measures', /Measures/], ['Money', /Money/], ['Board', /Governance/], ['Succession', /Succession|last day/]]) {
    await open(page, '/clusters/necles')
    await clickLink(page, room, page.getByRole('main'))
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await axe(page)
  }
})

for (const width of [1280, 375]) {
  journey(`the audit of ventilation says that nothing changed, at ${width} px`, { at: AT, width }, async ({ page }) => {
    await lookAs(page, 'facilitator', '/clusters/necles/measures')
    if (width === 1280) await shot(page, '15-measures')
    await axe(page)
    await clickLink(page, /non-invasive ventilation/i, page.getByRole('main'))
    await axe(page)
    await clickLink(page, /the whole chart/i, page.getByRole('main'))
    const said = await page.getByRole('main').innerText()
    assert.match(said, /common cause|no (significant )?change/i)
    assert.match(said, /48/, 'the published share')
    if (width === 1280) await shot(page, '16-chart')
    await axe(page)
  })
}

journey('the region reads returns and cannot change a figure', { at: AT }, async ({ page }) => {
  await lookAs(page, 'region-lon', '/clusters/overview')
  await shot(page, '17-overview')
  await axe(page)
  await open(page, '/clusters/necles/returns')
  await shot(page, '18-returns')
  await axe(page)
  const entry = await page.request.get('/clusters/necles/measures/imports/new')
  assert.ok([403, 404].includes(entry.status()), `a region may not import figures (${entry.status()})`)
})

for (const [person, atLeast] of [[undefined, 10], ['director', 30], ['region-lon', 12], ['site-hospital', 12], ['patient', 10]]) {
  journey(`every kind of page of a cluster ${person ?? 'the public'} can reach is sound`, { at: AT, seconds: 300 }, async ({ page }) => {
    const { visited } = await crawl(page, { person, start: '/clusters/necles', limit: 60, perShape: 1, skip: /\/sign-out|\/calls|\/announcements|\/open-data|\/demo|\/policies|\/openapi/ })
    assert.ok(visited.length >= atLeast, `only ${visited.length} pages were found: ${visited.join(' ')}`)
  })
}
