// An assessor: reads a bid beside the form, is told what is missing, loses nothing, and sees the others' scores only afterwards.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { clickButton, clickLink, errorsOf, fillByLabel, lookAs, tabTo } from '../person.mjs'
import { shot } from '../shot.mjs'

const WHY = 'Illustrative: the plan names who does what by when, and how they will know that it worked.'

/** Opens the first review that is still to be written. */
async function firstReview(page) {
  await lookAs(page, 'assessor', '/reviews')
  await page.getByRole('row').filter({ hasText: 'To write' }).getByRole('link').first().click()
  await page.getByRole('heading', { name: /Review$/, level: 1 }).waitFor()
}

/** Gives every criterion the score with this number, and the same justification. */
async function score(page, number, why) {
  const scores = page.getByRole('group', { name: 'Score' })
  for (let n = 0; n < await scores.count(); n += 1) {
    await scores.nth(n).getByRole('radio', { name: new RegExp(`^${number}\\b`) }).check()
    await page.getByLabel('Justification').nth(n).fill(why)
  }
  return scores.count()
}

journey('an assessor scores a bid alone, and sees the others afterwards', { at: 'assessment' }, async ({ page }) => {
  await firstReview(page)
  await shot(page, '08-review')
  await axe(page)
  assert.doesNotMatch(await page.getByRole('main').innerText(), /What the others submitted/)

  // Half done: refused in words, and what was typed stays.
  await page.getByLabel('Justification').first().fill('Too short')
  page.on('dialog', (dialog) => dialog.accept())
  await clickButton(page, 'Submit the review')
  const errors = await errorsOf(page)
  assert.ok(errors.length >= 4, `every criterion lacks something: ${errors.join('; ')}`)
  assert.equal(await page.getByLabel('Justification').first().inputValue(), 'Too short')
  await axe(page)

  assert.ok(await score(page, 4, WHY) >= 4)
  await clickButton(page, 'Save for later')
  await page.getByText('Saved.').first().waitFor()
  assert.equal(await page.getByLabel('Justification').first().inputValue(), WHY)
  await clickButton(page, 'Submit the review')
  await page.getByText('Submitted. Thank you.').waitFor()
  await page.getByRole('heading', { name: 'What the others submitted' }).waitFor()
  await axe(page)
})

journey('an assessor declines a bid, and it leaves the list', { at: 'assessment', width: 375 }, async ({ page }) => {
  await firstReview(page)
  const title = (await page.getByRole('heading', { level: 1 }).innerText()).replace(/\s*Review\s*$/, '').trim()
  await page.getByRole('radio', { name: /too many/ }).check()
  await clickButton(page, 'Decline')
  assert.match((await errorsOf(page)).join(' '), /./, 'a few words are asked for')
  await fillByLabel(page, 'A few words on it', 'Illustrative: eleven bids lie on the desk already.')
  await clickButton(page, 'Decline')
  await page.getByText('Declined. The programme office finds somebody else.').waitFor()
  const open = page.getByRole('table', { name: 'Bids to review' }).getByRole('row').filter({ hasText: 'To write' })
  assert.doesNotMatch((await open.allInnerTexts()).join('\n'), new RegExp(title))
})

journey('an assessor declares interests for the year', { at: 'assessment' }, async ({ page }) => {
  await lookAs(page, 'assessor-3', '/reviews')
  await clickLink(page, 'Your declaration of interests')
  await axe(page)
  await clickButton(page, 'Declare')
  assert.ok((await errorsOf(page)).length > 0, 'an empty declaration says that there is nothing to declare only when one says so')
})

journey('a keyboard alone gives a score', { at: 'assessment' }, async ({ page }) => {
  await firstReview(page)
  await tabTo(page, 'Justification')
  await page.keyboard.type(WHY)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Space')
  assert.equal(await page.getByLabel('Justification').first().inputValue(), WHY)
  assert.equal(await page.getByRole('group', { name: 'Score' }).first().getByRole('radio', { checked: true }).count(), 1)
})
