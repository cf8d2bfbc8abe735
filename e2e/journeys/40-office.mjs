// The programme office designs a call, is told what keeps it from being published, mends it, and amends one that is in force.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { clickButton, clickLink, errorsOf, fillByLabel, lookAs, open } from '../person.mjs'
import { shot } from '../shot.mjs'

async function weigh(page, key, weight) {
  await open(page, `/calls/${key}/design`)
  await clickLink(page, 'Award criteria')
  await clickLink(page, 'Clear vision')
  await fillByLabel(page, 'Weight in per cent', weight)
  await clickButton(page, 'Save')
  await open(page, `/calls/${key}/design`)
}

journey('a call is begun from the 2009 one, spoilt, mended and published', { at: 'dialogue' }, async ({ page, open: another }) => {
  page.on('dialog', (dialog) => dialog.accept())
  await lookAs(page, 'office', '/calls/new')
  await clickButton(page, 'Prepare the call')
  assert.equal((await errorsOf(page)).length, 2)
  await fillByLabel(page, 'Title of the call', 'Illustrative second wave')
  await fillByLabel(page, 'Short name for addresses', 'second-wave')
  await clickButton(page, 'Prepare the call')
  await page.getByRole('heading', { name: 'Design the call' }).waitFor()
  await axe(page)

  const reader = await another()
  await open(reader, '/calls/second-wave')
  await reader.getByRole('heading', { name: 'Sign in' }).waitFor()
  await lookAs(reader, 'lead')
  await open(reader, '/calls/second-wave', 404)

  await weigh(page, 'second-wave', '35')
  await page.getByText('The weights make 110 per cent').waitFor()
  await clickButton(page, 'Publish the call')
  assert.doesNotMatch(await page.getByRole('main').innerText(), /was published/)
  await weigh(page, 'second-wave', '25')
  assert.equal(await page.getByText('The weights make').count(), 0)
  await clickButton(page, 'Publish the call')
  await open(reader, '/calls/second-wave')
  assert.match(await reader.getByRole('main').innerText(), /fingerprint [0-9a-f]{8}/)
})

journey('the call in force changes only by an amendment with its reason', { at: 'dialogue' }, async ({ page, open: another }) => {
  await lookAs(page, 'office', '/calls/hiec-2009/design')
  await clickLink(page, 'Money and award rules')
  await fillByLabel(page, 'Lowest total that can be funded, in per cent', '55')
  await clickButton(page, 'Save')
  const reader = await another()
  await open(reader, '/calls/hiec-2009')
  assert.match(await reader.getByRole('main').innerText(), /It has not been amended/, 'a proposal changes nothing')

  await open(page, '/calls/hiec-2009/amendments/new')
  assert.match(await page.getByRole('main').innerText(), /60[\s\S]*55/)
  await clickButton(page, 'Make it an amendment')
  assert.ok((await errorsOf(page)).length > 0, 'an amendment needs its reason')
  await fillByLabel(page, 'Why', 'Illustrative reason: the regions asked for a wider field.')
  await shot(page, '07-amendment')
  await axe(page)
  await clickButton(page, 'Make it an amendment')
  await page.getByText('Amendment 1 counts from now on').waitFor()
  await open(reader, '/calls/hiec-2009')
  assert.match(await reader.getByRole('main').innerText(), /Amendment 1[\s\S]*the regions asked for a wider field/)
})
