// Somebody who is not signed in: what is on, by which rules, what was asked, and who may do what.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { clickButton, open } from '../person.mjs'
import { shot } from '../shot.mjs'

journey('the public reads the call, its sources and what was asked', async ({ page }) => {
  await open(page, '/')
  await shot(page, '01-home')
  await clickButton(page, 'Read the call')
  await page.getByRole('heading', { name: '2009 national competition' }).waitFor()
  const dates = page.getByRole('table', { name: /Dates of the round/ })
  // Where the sources disagree, both stand with their source.
  assert.match(await dates.getByRole('row', { name: /Detailed bids/ }).innerText(), /19 October 2009[\s\S]*end of October[\s\S]*disagree/i)
  assert.match(await page.getByRole('listitem').filter({ hasText: 'Bidding' }).first().getAttribute('aria-current') ?? '', /step/)
  await page.getByText('What each score means: Clear vision').click()
  await axe(page)
  await clickButton(page, 'Questions and answers')
  await page.getByRole('heading', { name: 'May a cluster lie in two regions?' }).waitFor()
  assert.doesNotMatch(await page.getByRole('main').innerText(), /Leadwell|Queen Mary/, 'nobody is told who asked')
  await axe(page)
})

journey('the public sees no draft, no bid and no ranking', async ({ page }) => {
  for (const path of ['/calls/hiec-2009/design', '/calls/hiec-2009/ranking', '/calls/hiec-2009/record', '/bids']) {
    const answer = await page.request.get(path, { maxRedirects: 0 })
    assert.ok([303, 404].includes(answer.status()), `${path} answered ${answer.status()}`)
    assert.match(answer.headers().location ?? '/sign-in', /^\/sign-in/)
  }
})

journey('the policies that decide are there to read', { width: 375 }, async ({ page }) => {
  await open(page, '/policies')
  assert.match(await page.getByRole('main').innerText(), /permit \(principal/)
  await axe(page)
})
