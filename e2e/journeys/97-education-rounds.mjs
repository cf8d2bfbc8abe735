// A placement round: a trainee ranks hosts with and without scripts, the lead compares the rules, everybody finds their reasons, and nobody sees another's ranking.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { clickButton, clickLink, lookAs, open } from '../person.mjs'

const ROUNDS = '/clusters/necles/education/rounds'
const CARDIOLOGY = `${ROUNDS}/cardiology-august-2012`

for (const [javaScript, width] of [[true, 1280], [false, 375]]) {
  journey(`a trainee ranks hosts ${javaScript ? 'by keyboard' : 'without scripts on a phone'}`, { at: 'annual-meeting', javaScript, width }, async ({ page }) => {
    await lookAs(page, 'trainee-1', CARDIOLOGY)
    await clickButton(page, 'Rank hosts')
    await page.getByText('Nobody but you sees this').waitFor()
    if (javaScript) await axe(page)
    const first = page.getByRole('row').filter({ has: page.getByRole('button', { name: /^Move .* up$/ }) }).first()
    const name = (await first.getByRole('rowheader').innerText()).replace(/^Host\s*/, '').trim()
    const down = page.getByRole('button', { name: `Move ${name} down` })
    await down.focus()
    await Promise.all([page.waitForURL(/ranking/), down.press('Enter')])
    await page.getByText(/Your ranking of \d+ hosts is saved/).first().waitFor()
    assert.equal(await page.getByLabel(`Number for ${name}`).inputValue(), '2')
    await page.getByLabel(`Number for ${name}`).fill('1')
    await clickButton(page, 'Save the ranking')
    await page.getByText(/both have number 1: give each its own/).first().waitFor()
    if (javaScript) await axe(page)
  })
}

journey('who runs the round compares the rules, and sees no ranking', { at: 'second-year' }, async ({ page }) => {
  await lookAs(page, 'education-lead', ROUNDS)
  await axe(page)
  await clickLink(page, 'Cardiology, August 2012', page.getByRole('main'))
  await axe(page)
  await clickLink(page, /2 June 2011/, page.getByRole('main'))
  await page.getByRole('heading', { name: 'By working pattern' }).waitFor()
  await axe(page)
  const ranking = await page.request.get(`${CARDIOLOGY}/ranking`)
  assert.equal(ranking.status(), 404)
  await open(page, `${CARDIOLOGY}/appeals`)
  await page.getByText('You published this round').waitFor()
  await axe(page)
  await open(page, `${CARDIOLOGY}/constraints`)
  await axe(page)
  await open(page, `${ROUNDS}/new`)
  await axe(page)
})

journey('the director decides the appeal, and the trainee reads it beside their reasons', { at: 'second-year' }, async ({ page, open: another }) => {
  await lookAs(page, 'director', `${CARDIOLOGY}/appeals`)
  await page.getByText(/^Decide the appeal of NECLES-0001/).first().click()
  await axe(page)
  await page.getByLabel('Dismissed', { exact: true }).check()
  await page.getByLabel('Why', { exact: true }).fill('No such promise is on record')
  await clickButton(page, 'Decide the appeal of NECLES-0001')
  await page.getByText('the trainee gets a letter').first().waitFor()
  const trainee = await another({})
  await lookAs(trainee, 'trainee-1', `${CARDIOLOGY}/result`)
  await trainee.getByText('Decided: No such promise is on record').waitFor()
  await trainee.getByText('Checked', { exact: true }).waitFor()
  await axe(trainee)
  const certificate = await trainee.request.get(`${CARDIOLOGY}/result/certificate.json`)
  const own = JSON.parse(await certificate.text())
  assert.equal(own.mine.name, 'NECLES-0001')
  const ledger = JSON.parse(await (await trainee.request.get(`${CARDIOLOGY}/certificate.json`)).text())
  assert.equal(ledger.root, own.root)
  assert.ok(!JSON.stringify(ledger).includes('choices'), 'the ledger tells no choice')
})

journey('a host says what it takes, and for no other host', { at: 'second-year' }, async ({ page }) => {
  await lookAs(page, 'host-hospital', `${ROUNDS}/general-practice-august-2012`)
  await axe(page)
  await clickLink(page, 'Barts Health NHS Trust', page.getByRole('main'))
  await axe(page)
  await page.getByLabel('Trainees you take', { exact: true }).fill('2')
  await clickButton(page, 'Say so')
  await page.getByText('Barts Health NHS Trust takes 2.').first().waitFor()
})
