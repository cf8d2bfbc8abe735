// The money that follows trainees, claims, the workforce in years to come, skills and badges: every page of them at both widths, and a badge anybody checks.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { clickLink, lookAs, open } from '../person.mjs'
import { shot } from '../shot.mjs'

const AT = 'second-year'
const EDUCATION = '/clusters/necles/education'
const MODEL = '/workforce/doctors-and-midwives-of-necles'

/** Brings something to the top of the window, for a picture of it. */
const toTop = (thing) => thing.evaluate((element) => element.scrollIntoView())

for (const width of [1280, 375]) {
  journey(`money, workforce and skills at ${width} px`, { at: AT, width }, async ({ page }) => {
    await lookAs(page, 'education-lead', EDUCATION)
    if (width === 1280) await shot(page, '19-education')
    for (const path of ['/tariff?year=2010/11', '/tariff/trail', '/claims', '/claims/C0001', '/claims/imports', '/trainees/NECLES-0001/tariff?year=2010%2F11', '/workforce', MODEL, '/workforce/new', '/skills', '/skills/spirometry', '/skills/new', '/skill-claims']) {
      await open(page, EDUCATION + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await axe(page)
    }
    // A hospital whose money quality weighs: from the sums to its lines.
    await open(page, `${EDUCATION}/tariff?year=2011/12`)
    await clickLink(page, 'Illustrative Hospital 03 (NECLES)', page.getByRole('main'))
    await page.getByText('Weighed by quality').first().waitFor()
    await axe(page)
    if (width === 1280) {
      await open(page, `${EDUCATION}/map`)
      await toTop(page.getByRole('heading', { name: 'Cardiovascular disease' }).first())
      await shot(page, '20-pathway-map')
      await open(page, `${EDUCATION}/grid`)
      await toTop(page.getByRole('table').first())
      await shot(page, '21-rotation-grid')
    }
  })
}

journey('money comes back when a second person of the region says so', { at: AT }, async ({ page }) => {
  await lookAs(page, 'region-second', `${EDUCATION}/claims/C0001`)
  await page.getByText(/Clawback requested by Rita Regionley/).waitFor()
  await page.getByRole('button', { name: 'Approve the clawback' }).click()
  await page.getByText(/Clawback approved by Rowena Regionford/).waitFor()
  await axe(page)
})

journey('a run of the workforce shows when a change made now is first seen', { at: AT }, async ({ page }) => {
  await lookAs(page, 'education-lead', EDUCATION + MODEL)
  await page.getByRole('main').locator(`a[href^="${EDUCATION}${MODEL}/runs/"]`).first().click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  assert.ok((await page.getByRole('img').count()) > 0, 'a run has a picture')
  await page.getByText('The picture as a table: Cardiology').click()
  assert.ok((await page.getByRole('table').count()) > 0, 'and a table under it')
  await axe(page)
  await toTop(page.getByRole('heading', { name: 'General practice' }).first())
  await shot(page, '22-workforce')
})

journey('a trainee’s badge is checked by anybody', { at: AT }, async ({ page }) => {
  await lookAs(page, 'trainee-1', `${EDUCATION}/skill-claims`)
  await clickLink(page, /Spirometry/, page.getByRole('main'))
  await axe(page)
  await clickLink(page, 'The badge', page.getByRole('main'))
  await page.getByText('This badge is genuine and good.').waitFor()
  await axe(page)
  await shot(page, '23-badge')
  const address = new URL(page.url()).pathname
  await page.context().clearCookies()
  await open(page, address)
  await page.getByText('This badge is genuine and good.').waitFor()
  await open(page, '/credentials/check')
  await axe(page)
})
