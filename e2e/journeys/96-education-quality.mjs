// The quality of a cluster's education and its courses, as host, region, regulator and trainee see them.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { clickButton, clickLink, fillByLabel, lookAs, open } from '../person.mjs'
import { shot } from '../shot.mjs'

const AT = 'closing'
const QUALITY = '/clusters/necles/education/quality'
const HOST = /Illustrative Hospital 01 \(NECLES\)/

for (const width of [1280, 375]) {
  journey(`everything about the quality of hosts can be read, at ${width} px`, { at: AT, width }, async ({ page }) => {
    await lookAs(page, 'regulator', QUALITY)
    await page.getByRole('heading', { level: 1, name: 'Quality' }).waitFor()
    if (width === 1280) await shot(page, '96-quality')
    await axe(page)
    await clickLink(page, HOST, page.getByRole('main'))
    if (width === 1280) await shot(page, '96-quality-host')
    await axe(page)
    await clickLink(page, /Urgent risk review/, page.getByRole('main'))
    await page.getByText('Nights').first().waitFor().catch(() => {})
    await axe(page)
    for (const [path, heading] of [['framework', 'Framework'], ['funding', 'Money weighed by quality'], ['surveys', 'Trainee surveys']]) {
      await open(page, `${QUALITY}/${path}`)
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      if (width === 1280) await shot(page, `96-quality-${path}`)
      await axe(page)
    }
    await clickLink(page, 'Autumn 2010', page.getByRole('main'))
    const said = await page.getByRole('main').innerText()
    assert.match(said, /Fewer than 3/)
    assert.match(said, /Red/)
    if (width === 1280) await shot(page, '96-survey-flags')
    await axe(page)
    const write = await page.request.post(`${QUALITY}/funding`, { form: { reason: 'x' } })
    assert.ok([403, 404].includes(write.status()), `a regulator writes no rule (${write.status()})`)
  })

  journey(`a host judges itself and its region judges it, at ${width} px`, { at: AT, width }, async ({ page }) => {
    await lookAs(page, 'host-quality', QUALITY)
    await clickLink(page, HOST, page.getByRole('main'))
    await clickLink(page, /^Open/, page.getByRole('main'))
    // Both widths look at one product: the second finds it begun, and judges another standard.
    const standard = width === 1280 ? '1.1' : '1.2'
    const begin = page.getByRole('button', { name: /Begin the self-assessment/ })
    if (await begin.count() > 0) await clickButton(page, /Begin the self-assessment/)
    await axe(page)
    await open(page, `${new URL(page.url()).pathname}/${standard}`)
    await clickButton(page, 'Save the judgement')
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor()
    await axe(page)
    await page.getByLabel('Met', { exact: true }).check()
    await fillByLabel(page, 'What shows it', 'Minutes of the board')
    await clickButton(page, 'Save the judgement')
    await page.getByText(`Standard ${standard} is judged.`).waitFor()
    await lookAs(page, 'region-lon', `${QUALITY}/funding`)
    await page.getByText('Write another rule').click()
    await clickButton(page, 'Write the rule')
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor()
    await axe(page)
  })

  journey(`a trainee books a place and the planner sees the list, at ${width} px`, { at: AT, width }, async ({ page }) => {
    await lookAs(page, 'trainee-1', '/clusters/necles/education/courses')
    if (width === 1280) await shot(page, '96-courses')
    await axe(page)
    await clickLink(page, 'Airway and emergency skills', page.getByRole('main'))
    if (width === 1280) await shot(page, '96-course')
    await axe(page)
    await page.getByRole('table', { name: /^Sessions of Simulation/ }).getByRole('link').first().click()
    await page.getByRole('heading', { level: 1, name: /Simulation/ }).waitFor()
    if (width === 1280) await shot(page, '96-session')
    await axe(page)
    const session = new URL(page.url()).pathname
    await lookAs(page, 'education-lead', session)
    await page.getByRole('heading', { name: 'Run the session' }).waitFor()
    if (width === 1280) await shot(page, '96-session-run')
    await axe(page)
    await open(page, '/clusters/necles/education/learning-tools')
    await axe(page)
    await open(page, '/clusters/necles/education/courses/airway-and-emergency-skills/sessions/new')
    await axe(page)
  })
}
