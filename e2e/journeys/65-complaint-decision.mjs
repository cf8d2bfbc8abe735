// A complaint that is upheld: the outcome is set aside, and the panel is to decide anew.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { complain, readsThatItIsSetAside, setAside } from '../complaint.mjs'
import { journey } from '../journey.mjs'
import { lookAs } from '../person.mjs'

journey('an upheld complaint sets the outcome aside, and the panel decides anew', { at: 'standstill' }, async ({ page, open: another }) => {
  const letter = await complain(page, 'Illustrative complaint: the sum was decided on the figures of another bid.')
  const office = await another()
  await setAside(office, { follows: /^Decisions are set aside/ })
  await readsThatItIsSetAside(page, letter)
  await lookAs(office, 'office', '/calls/hiec-2009/panel')
  await office.getByRole('heading', { name: 'Plan a meeting' }).waitFor()
  await axe(office)
  const telephone = await another({ width: 375 })
  await lookAs(telephone, 'office', '/calls/hiec-2009/complaints')
  const { scrollWidth, clientWidth } = await telephone.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth }))
  assert.ok(scrollWidth <= clientWidth, `${scrollWidth} px wide in ${clientWidth} px`)
  await axe(telephone)
})
