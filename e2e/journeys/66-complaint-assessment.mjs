// A complaint about a score that is upheld: the ranking is set aside as well, and the regions get another time to respond.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { complain, readsThatItIsSetAside, setAside } from '../complaint.mjs'
import { journey } from '../journey.mjs'
import { lookAs } from '../person.mjs'

journey('an upheld complaint sets the ranking aside, and bids are scored and ranked anew', { at: 'standstill' }, async ({ page, open: another }) => {
  const letter = await complain(page, 'Illustrative complaint: one reviewer scored the pages of another bid.')
  const office = await another()
  await setAside(office, { follows: /^Decisions and ranking are set aside/, until: '2009-12-04 17:00' })
  await readsThatItIsSetAside(page, letter)
  await lookAs(office, 'steering', '/calls/hiec-2009/ranking')
  const ranking = await office.getByRole('main').innerText()
  assert.match(ranking, /With the regions/i)
  await office.getByRole('button', { name: 'Compute the ranking again' }).waitFor()
  await axe(office)
  const region = await another({ width: 375 })
  await lookAs(region, 'region-lon', '/calls/hiec-2009/ranking')
  await axe(region)
})
