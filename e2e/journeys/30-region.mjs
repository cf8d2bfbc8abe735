// A region's officer in the dialogue: answers to all and in confidence, and notes what was said informally.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { clickButton, clickLink, errorsOf, fillByLabel, lookAs, open } from '../person.mjs'
import { shot } from '../shot.mjs'

const QUESTIONS = '/calls/hiec-2009/questions'
const OPEN_QUESTION = 'Does a letter of intent from an industry partner count as a commitment?'

journey('a region notes informal dialogue', { at: 'dialogue' }, async ({ page }) => {
  await lookAs(page, 'region-lon', QUESTIONS)
  await fillByLabel(page, 'Who was there', 'Illustrative: the region and one forming partnership')
  await fillByLabel(page, 'What was talked about', 'Illustrative: how education is to be kept apart from commissioning.')
  await clickButton(page, 'Note it')
  await page.getByText('how education is to be kept apart').waitFor()
  assert.match(await page.getByRole('main').innerText(), /NHS London/)
  await axe(page)
})

journey('a region answers a question to all, and everyone reads it', { at: 'dialogue' }, async ({ page, open: another }) => {
  await lookAs(page, 'region-lon', QUESTIONS)
  await clickLink(page, OPEN_QUESTION)
  await clickButton(page, 'Send the answer')
  assert.ok((await errorsOf(page)).length > 0, 'an answer needs words')
  await fillByLabel(page, 'Answer', 'Illustrative answer: a letter of intent is not yet a commitment; a signed one is.')
  await shot(page, '02-answer')
  await axe(page)
  await clickButton(page, 'Send the answer')
  await page.getByText('Everyone registered was told.').waitFor()
  const reader = await another({ width: 375 })
  await open(reader, QUESTIONS)
  await reader.getByText('a letter of intent is not yet a commitment').waitFor()
})

journey('a bidder cannot answer', { at: 'dialogue' }, async ({ page }) => {
  await lookAs(page, 'lead', QUESTIONS)
  assert.equal(await page.getByRole('heading', { name: 'All questions, for those who answer' }).count(), 0)
})
