// The panel's chair: opens an item in the order of the ranking and puts a decision with its reason on the record.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { clickButton, errorsOf, fillByLabel, lookAs } from '../person.mjs'
import { shot } from '../shot.mjs'

journey('the chair decides on the first bid of the agenda, with a reason', { at: 'panel' }, async ({ page }) => {
  await lookAs(page, 'chair', '/calls/hiec-2009/panel')
  const agenda = page.getByRole('table', { name: /^Agenda/ })
  await shot(page, '09-panel')
  await axe(page)
  await agenda.getByRole('link').first().click()
  await page.getByRole('heading', { name: 'Decide' }).waitFor()
  await clickButton(page, 'Put the decision on the record')
  assert.ok((await errorsOf(page)).length > 0, 'a decision needs a verdict and a reason')
  await axe(page)
  await page.getByRole('radio', { name: /^Fund/ }).check()
  await fillByLabel(page, 'Amount, in pounds', '600000')
  await fillByLabel(page, 'Reason', 'Illustrative reason: the strongest bid of its region, above the floor on every criterion, within the budget.')
  await clickButton(page, 'Put the decision on the record')
  await page.getByText('The decision is on the record.').waitFor()
  assert.match(await agenda.getByRole('row').nth(1).innerText(), /Fund, £600,000/)
})

journey('the chair reads the ranking and its rule', { at: 'panel', width: 375 }, async ({ page }) => {
  await lookAs(page, 'chair', '/calls/hiec-2009/ranking')
  assert.match(await page.getByRole('main').innerText(), /halves up/)
  await axe(page)
})
