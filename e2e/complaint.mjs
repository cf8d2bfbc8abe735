// A complaint from the bidder's letter to its answer: what the journeys about setting an outcome aside share.
import assert from 'node:assert/strict'
import { axe } from './axe.mjs'
import { choose, clickButton, clickLink, errorsOf, fillByLabel, lookAs, open } from './person.mjs'

const OWN = /North East London, North Central London and Essex HIEC/
const LOG = '/calls/hiec-2009/complaints'

/** The lead reads the letter and complains; answers the letter's address. */
export async function complain(page, text) {
  await lookAs(page, 'lead', '/bids')
  await clickLink(page, OWN)
  const letter = `${new URL(page.url()).pathname}/letter`
  await open(page, letter)
  await clickButton(page, 'Send the complaint')
  assert.ok((await errorsOf(page)).length > 0, 'a complaint says what it is about')
  await fillByLabel(page, 'Your complaint', text)
  await clickButton(page, 'Send the complaint')
  await page.getByText('Your complaint is entered in the log.').waitFor()
  await page.getByText('Being looked into.').waitFor()
  await axe(page)
  return letter
}

/** The office upholds it and sets the outcome aside; what is missing is said first, and what was typed stays. */
export async function setAside(page, { follows, until }) {
  await lookAs(page, 'office', LOG)
  await axe(page)
  await choose(page, 'Outcome', 'Upheld')
  await fillByLabel(page, 'Answer', 'Illustrative answer: we read the minutes again with somebody who had not been there.')
  await choose(page, 'What follows', follows)
  await clickButton(page, 'Answer the complaint')
  assert.match((await errorsOf(page)).join(' '), /No decision to be taken anew is chosen/)
  assert.match(await page.getByLabel('Answer', { exact: true }).inputValue(), /read the minutes again/)
  await axe(page)
  await page.getByRole('checkbox', { name: /\(complains\)$/ }).check()
  await fillByLabel(page, 'Why, for every bidder', 'Illustrative reason: one decision was taken on figures that did not belong to the bid it was about.')
  if (until) await fillByLabel(page, 'The regions may respond to a new ranking until', until)
  await clickButton(page, 'Answer the complaint')
  await page.getByText('The outcome is set aside, and everybody concerned is told.').waitFor()
  await page.getByText('The outcome was set aside').waitFor()
  await axe(page)
}

/** The bidder reads that the outcome no longer stands. */
export async function readsThatItIsSetAside(page, letter) {
  await open(page, letter)
  await page.getByText('This outcome was set aside').waitFor()
  await page.getByText('Upheld:').waitFor()
  await axe(page)
}
