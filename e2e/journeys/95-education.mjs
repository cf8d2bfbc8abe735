// A cluster's education: what is public of it, planning a rotation by keyboard and by dragging, the map, a trainee's own record, a curriculum's owner.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { crawl } from '../crawl.mjs'
import { journey } from '../journey.mjs'
import { clickLink, lookAs, open } from '../person.mjs'

const AT = 'second-year'
const EDUCATION = '/clusters/necles/education'

journey('the public sees programmes, the map and posts, and nobody’s name', { at: AT }, async ({ page }) => {
  await open(page, EDUCATION)
  await axe(page)
  await clickLink(page, 'Pathway map', page.getByRole('main'))
  await page.getByRole('heading', { level: 1, name: /Pathway map/ }).waitFor()
  await page.getByText('Nobody teaches it', { exact: true }).first().waitFor()
  await axe(page)
  await open(page, `${EDUCATION}/posts/R1H-CARD-001`)
  assert.equal(await page.getByRole('heading', { name: 'Who is in it' }).count(), 0)
  const people = await page.request.get(`${EDUCATION}/trainees`)
  assert.match(people.url(), /\/sign-in/, 'the public reads no trainee’s name')
})

for (const width of [1280, 375]) {
  journey(`the education lead finds everything at ${width} px`, { at: AT, width }, async ({ page }) => {
    await lookAs(page, 'education-lead', EDUCATION)
    for (const path of ['', '/programmes', '/programmes/cardiology-training', '/map', '/steps', '/posts', '/posts/R1H-CARD-001', '/trainees', '/trainees/NECLES-0001', '/placements', '/placements/new', '/grid', '/grid?by=posts']) {
      await open(page, EDUCATION + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await axe(page)
    }
  })
}

journey('a placement is moved on the grid by keyboard, and by dragging', { at: AT }, async ({ page }) => {
  await lookAs(page, 'education-lead', `${EDUCATION}/grid?by=posts&programme=physiotherapy-degree`)
  // The last turn of the year moves a month later: its post has room for one more in no month, so the rules may refuse; either way it is said.
  const bar = page.locator('a[data-placement]').first()
  await bar.focus()
  await page.keyboard.press('Shift+ArrowRight')
  assert.match(await page.locator('[data-rota-status]').innerText(), /Press Enter to move it/)
  await page.keyboard.press('Escape')
  assert.match(await page.locator('[data-rota-status]').innerText(), /Left where it was/)
  await page.keyboard.press('Shift+ArrowRight')
  await Promise.all([page.waitForLoadState('load'), page.keyboard.press('Enter')])
  await page.getByText(/Moved: it runs from|There is a problem/).first().waitFor()
  await axe(page)

  await open(page, `${EDUCATION}/grid?by=posts&programme=ophthalmology-training`)
  const dragged = page.locator('a[data-placement]').first()
  const to = page.locator('tbody').nth(3).locator('td').last()
  await dragged.dragTo(to)
  await page.getByText(/Moved: it runs from|There is a problem/).first().waitFor()
})

journey('a trainee sees their own record, with what the next rotation should bring', { at: AT }, async ({ page }) => {
  await lookAs(page, 'trainee-1', EDUCATION)
  await clickLink(page, /NECLES-0001/, page.getByRole('main'))
  await page.getByRole('heading', { name: 'Breadth and depth' }).waitFor()
  await page.getByRole('heading', { name: 'How the expected end is found' }).waitFor()
  await axe(page)
  const other = await page.request.get(`${EDUCATION}/trainees/NECLES-0002`)
  assert.equal(other.status(), 404)
})

journey('the college answers what was proposed to its curriculum', { at: AT }, async ({ page }) => {
  await lookAs(page, 'college', `${EDUCATION}/programmes/cardiology-training`)
  await clickLink(page, /No. 1/, page.getByRole('main'))
  await page.getByText('How would the year be assessed').first().waitFor()
  await axe(page)
  await lookAs(page, 'education-lead', `${EDUCATION}/programmes/cardiology-training/proposals/1`)
  assert.equal(await page.getByText('Decide as the owner').count(), 0)
  await page.getByLabel('Answer', { exact: true }).check()
  await page.getByLabel('Reason, question or answer').fill('By a portfolio, read by two consultants')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('With the owner').first().waitFor()
})

for (const [person, atLeast] of [[undefined, 8], ['education-lead', 20], ['host-hospital', 10], ['regulator', 10], ['trainee-1', 8]]) {
  journey(`every kind of page of education ${person ?? 'the public'} can reach is sound`, { at: AT, seconds: 300 }, async ({ page }) => {
    const skip = /\/sign-out|\/calls|\/announcements|\/open-data|\/demo|\/policies|\/openapi|\/clusters\/(?!necles\/education)/
    const { visited } = await crawl(page, { person, start: EDUCATION, limit: 60, perShape: 1, skip })
    assert.ok(visited.length >= atLeast, `only ${visited.length} pages were found: ${visited.join(' ')}`)
  })
}
