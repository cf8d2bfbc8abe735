// Somebody who bids: finds the bid, writes a section, sees the principle check move, and loses nothing that was typed.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { clickButton, clickLink, errorsOf, fillByLabel, lookAs, press, tabTo } from '../person.mjs'
import { shot } from '../shot.mjs'

const BID = /North East London, North Central London and Essex HIEC/
const VISION = 'What is your vision of the cluster?'

async function ownBid(page, person = 'lead') {
  await lookAs(page, person, '/bids')
  await clickLink(page, BID)
}

journey('the lead writes a section and it is kept', async ({ page }) => {
  await ownBid(page)
  await shot(page, '03-bid')
  await axe(page)
  await clickLink(page, 'The cluster and its vision')
  await fillByLabel(page, VISION, 'Illustrative vision: one pathway for falls, from home to hospital and back.')
  await shot(page, '04-section')
  await clickButton(page, 'Save')
  await page.getByText(/^Saved at/).first().waitFor()
  assert.match(await page.getByLabel(VISION, { exact: true }).inputValue(), /one pathway for falls/)
  await axe(page)
})

journey('a section saves itself while it is written, and what was typed over it is in the history', async ({ page }) => {
  await ownBid(page)
  await clickLink(page, 'The region')
  const answer = page.getByLabel('How does the bid serve the local strategic vision?', { exact: true })
  await answer.fill('Illustrative: it serves the plan of the region.')
  await page.getByRole('status').filter({ hasText: 'Saved at' }).waitFor()
  await answer.fill('Illustrative: it serves both plans of both regions.')
  await page.getByRole('status').filter({ hasText: 'Saved at' }).waitFor()
  await page.waitForTimeout(3000)
  await page.reload()
  assert.match(await answer.inputValue(), /both plans/)
  await clickLink(page, 'History of How does the bid serve the local strategic vision?')
  assert.match(await page.getByRole('main').innerText(), /the plan of the region[\s\S]*both plans|both plans[\s\S]*the plan of the region/)
})

journey('written in two windows at once: both texts stay on the page', async ({ page, open: another }) => {
  await ownBid(page)
  await clickLink(page, 'The principles')
  const label = 'How will the quality of care and of education rise?'
  const second = await another()
  await lookAs(second, 'lead', new URL(page.url()).pathname)
  await fillByLabel(second, label, 'Illustrative: a quality board.')
  await clickButton(second, 'Save')
  const mine = 'Illustrative: audits every month.'
  await fillByLabel(page, label, mine)
  await clickButton(page, 'Save')
  assert.match((await errorsOf(page)).join(' '), /Somebody else changed this answer/)
  assert.equal(await page.getByLabel(label, { exact: true }).inputValue(), mine)
  await page.getByText('Illustrative: a quality board.').first().waitFor()
  await axe(page)
})

journey('the principle check says why, citing the call, and what would mend it', async ({ page }) => {
  await ownBid(page)
  await clickLink(page, 'See why, and what would mend it')
  const text = await page.getByRole('main').innerText()
  assert.match(text, /of 7 principles are met/)
  assert.match(text, /Prospectus/)
  await shot(page, '05-principles')
  await axe(page)
})

journey('a bid is submitted and its receipt lists every part', { at: 'bidding' }, async ({ page }) => {
  await ownBid(page)
  await clickButton(page, 'Check and submit the bid')
  await page.getByRole('heading', { name: 'What is missing' }).waitFor()
  await clickButton(page, 'Submit the bid')
  await page.getByRole('heading', { name: /^Receipt HIEC-2009-/ }).waitFor()
  const parts = page.getByRole('table', { name: 'What we received' }).getByRole('row')
  assert.ok(await parts.count() > 8, 'every section and every commitment stands in the receipt')
  assert.match(await parts.nth(1).innerText(), /[0-9a-f]{64}/)
  await shot(page, '06-receipt')
  await axe(page)
  await page.goBack()
  await clickButton(page, 'Submit the bid')
  await page.getByText('Submitted. Your receipt is').waitFor()
})

journey('without JavaScript a section is written and saved all the same', { javaScript: false, width: 375 }, async ({ page }) => {
  await ownBid(page)
  await clickLink(page, 'Governance and separation')
  await fillByLabel(page, 'How does the cluster link to the innovation bodies around it?', 'Illustrative: through a joint board.')
  await clickButton(page, 'Save')
  assert.match(await page.getByRole('main').innerText(), /Saved at|joint board/)
  assert.equal(await page.getByLabel('How does the cluster link to the innovation bodies around it?', { exact: true }).inputValue(), 'Illustrative: through a joint board.')
})

journey('a keyboard alone writes and saves', async ({ page }) => {
  await ownBid(page)
  await clickLink(page, 'Money')
  await tabTo(page, 'How much do you ask for?')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('1,050,000')
  await tabTo(page, 'Save')
  await press(page, 'Enter')
  assert.match(await page.getByLabel('How much do you ask for?', { exact: true }).inputValue(), /1,?050,?000/)
})
