// The people of one bid: the lead gives and ends parts, the editor writes, the reader reads and comments.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { choose, clickButton, clickLink, errorsOf, fillByLabel, lookAs, open } from '../person.mjs'

const BID = /North East London, North Central London and Essex HIEC/
const VISION = 'What is your vision of the cluster?'

async function ownBid(page, person) {
  await lookAs(page, person, '/bids')
  await clickLink(page, BID)
  return new URL(page.url()).pathname
}

journey('lead, editor and reader of one bid each do their part', { at: 'bidding', seconds: 180 }, async ({ page, open: another }) => {
  const bid = await ownBid(page, 'lead')
  await open(page, `${bid}/team`)
  for (const name of ['Lena Leadwell', 'Edwin Editson', 'Rania Readman']) await page.getByRole('cell', { name }).first().waitFor()
  await axe(page)

  const reader = await another({ width: 375 })
  await ownBid(reader, 'reader')
  await axe(reader)
  await clickLink(reader, 'The cluster and its vision')
  assert.equal(await reader.getByRole('button', { name: 'Save' }).count(), 0, 'a reader writes nothing')
  await axe(reader)
  await open(reader, `${bid}/team`)
  assert.equal(await reader.getByRole('button', { name: 'Give this part' }).count(), 0)
  const { scrollWidth, clientWidth } = await reader.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth }))
  assert.ok(scrollWidth <= clientWidth, `${scrollWidth} px wide in ${clientWidth} px`)
  await axe(reader)

  const editor = await another()
  await ownBid(editor, 'editor')
  await clickLink(editor, 'The cluster and its vision')
  await fillByLabel(editor, VISION, 'Illustrative vision: written by the editor.')
  await clickButton(editor, 'Save')
  await editor.getByText(/^Saved at/).first().waitFor()

  await clickButton(page, 'Give this part')
  assert.ok((await errorsOf(page)).length > 0, 'somebody and a part must be chosen')
  await axe(page)
  await page.getByLabel('Who', { exact: true }).first().selectOption({ label: 'Rania Readman (bid reader)' })
  await choose(page, 'Is from now on', 'Bid editor')
  await clickButton(page, 'Give this part')
  await page.getByRole('row', { name: /Rania Readman.*Bid editor/ }).waitFor()
  // The editor is still in that section; the next one is free.
  await open(reader, bid)
  await clickLink(reader, 'The cluster and its vision')
  await reader.getByText('Illustrative vision: written by the editor.').first().waitFor()
  await open(reader, bid)
  await clickLink(reader, 'The region')
  await reader.getByRole('button', { name: 'Save' }).first().waitFor()
  await axe(reader)
})
