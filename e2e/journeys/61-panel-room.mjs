// The panel's room: a bidder is called to present, a member leaves for the bid, and the rest show their hands.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { clickButton, errorsOf, fillByLabel, lookAs, open } from '../person.mjs'

const PANEL = '/calls/hiec-2009/panel'
const STAYING = ['Carol Chairworth', 'Pia Panelby', 'Pearl Panelford', 'Piers Panelham', 'Poppy Panelwick', 'Percy Panellow']

async function firstItem(page) {
  await page.getByRole('table', { name: /^Agenda/ }).getByRole('link').first().click()
  await page.getByText('Out of the room').waitFor()
  return new URL(page.url()).pathname
}

journey('a bidder is called to present, a member leaves, hands are shown', { at: 'panel', seconds: 180 }, async ({ page, open: another }) => {
  await lookAs(page, 'office', PANEL)
  const item = await firstItem(page)
  await fillByLabel(page, 'When', '2009-11-11 09:00')
  await fillByLabel(page, 'How many minutes', '20')
  await fillByLabel(page, 'Who presents, one per line', 'Illustrative presenter\nAnother illustrative presenter')
  await clickButton(page, 'Put it on the agenda')
  assert.match((await errorsOf(page)).join(' '), /meeting begins only on 11 November 2009/)
  assert.match(await page.getByLabel('Who presents, one per line', { exact: true }).inputValue(), /Another illustrative presenter/, 'what was typed stays')
  await axe(page)
  await fillByLabel(page, 'When', '2009-11-11 11:30')
  await clickButton(page, 'Put it on the agenda')
  await page.getByText('The bidder is called to present and told.').waitFor()
  await page.getByText('Called to present 11 November 2009 at 11:30am').waitFor()
  await axe(page)
  await open(page, PANEL)
  await page.getByText('Presents 11 November 2009 at 11:30am, 20 minutes').waitFor()

  const member = await another({ width: 375 })
  await lookAs(member, 'panel-2', item)
  await axe(member)
  await fillByLabel(member, 'Who leaves', 'Pablo Panelton')
  await clickButton(member, 'Note that they leave')
  await member.getByText('You leave the meeting for this item').waitFor()
  assert.equal(await member.getByText('Asks for').count(), 0, 'nothing of the bid is shown to who left')
  await axe(member)

  const chair = await another()
  await lookAs(chair, 'chair', item)
  assert.match(await chair.getByRole('main').innerText(), /Out of the room\s+Pablo Panelton/)
  await clickButton(chair, 'Note it')
  await chair.getByText('The presentation is noted.').waitFor()
  await chair.getByRole('radio', { name: /^Fund/ }).check()
  await fillByLabel(chair, 'Amount, in pounds', '600000')
  await fillByLabel(chair, 'Reason', 'Illustrative reason: the strongest bid of its region, above the floor on every criterion, within the budget.')
  await chair.getByText('A show of hands, where the panel wants one').click()
  assert.equal(await chair.getByLabel('Pablo Panelton', { exact: true }).count(), 0, 'who left has no vote')
  await fillByLabel(chair, STAYING[0], 'For')
  await clickButton(chair, 'Put the decision on the record')
  assert.match((await errorsOf(chair)).join(' '), /lacks the votes of 5 members/)
  await axe(chair)
  for (const name of STAYING.slice(1)) await fillByLabel(chair, name, name === 'Piers Panelham' ? 'Against' : 'For')
  await clickButton(chair, 'Put the decision on the record')
  await chair.getByText('The decision is on the record.').waitFor()
  await open(chair, item)
  await chair.getByText(/Show of hands: for: Carol Chairworth.*against: Piers Panelham; recused: Pablo Panelton/).waitFor()
  await axe(chair)
  await open(chair, `${PANEL}/minutes`)
  assert.match(await chair.getByRole('main').innerText(), /5 for, 1 against/)
  await axe(chair)
})
