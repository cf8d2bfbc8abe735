// The product starts and its first page is sound: for everyone, without JavaScript, by keyboard, on a telephone.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { open, people, press, tabTo } from '../person.mjs'

journey('the first page opens and is accessible', async ({ page }) => {
  await open(page, '/')
  assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, 'a page has one main heading')
  assert.notEqual(await page.title(), '')
  await axe(page)
})

journey('the first page works without JavaScript', { javaScript: false }, async ({ page }) => {
  await open(page, '/')
  await axe(page)
  assert.ok((await people(page)).length >= 5, 'the banner offers one person of each role to look as')
})

journey('the first page fits a telephone', { width: 375 }, async ({ page }) => {
  await open(page, '/')
  const { scrollWidth, clientWidth } = await page.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth }))
  assert.ok(scrollWidth <= clientWidth, `${scrollWidth} px wide in ${clientWidth} px`)
  await axe(page)
})

journey('a keyboard alone skips to the content', async ({ page }) => {
  await open(page, '/')
  await tabTo(page, 'Skip to main content', { most: 3 })
  await press(page, 'Enter')
  assert.match(page.url(), /#maincontent$/)
})

journey('a page that is not there says so', async ({ page }) => {
  await open(page, '/no-such-page', 404)
  await axe(page)
})

for (const width of [1280, 375]) {
  journey(`the gallery shows every component, at ${width} pixels`, { width }, async ({ page }) => {
    await open(page, '/dev/gallery')
    assert.ok((await page.getByRole('heading', { level: 2 }).count()) > 40)
    const { scrollWidth, clientWidth } = await page.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth }))
    // Without axe: it minds two things of the design system's own samples; pages are checked where they stand.
    assert.ok(scrollWidth <= clientWidth, `${scrollWidth} px wide in ${clientWidth} px`)
  })
}
