// What a person does on a page: signs in, reads, fills in, presses. Everything is found as a person finds it, by what is
// written on it or by its name for a screen reader, never by class or id.
import assert from 'node:assert/strict'

/** Signs in as one of the people of the demo; then opens `path`. */
export async function lookAs(page, person, path = '/') {
  const answer = await page.request.post('/demo/look-as', { form: { person } })
  assert.ok(answer.ok(), `look as ${person}: ${answer.status()} ${await answer.text()}`)
  return open(page, path)
}

/** The people the demo's banner offers to look as: `[{ person, label }]`. */
export async function people(page) {
  await open(page, '/')
  return page.locator('[name="person"]').evaluateAll((controls) => controls.flatMap((control) => {
    const choices = control.tagName === 'SELECT' ? [...control.options] : [control]
    return choices.filter((choice) => choice.value !== '').map((choice) => ({ person: choice.value, label: (choice.textContent || choice.labels?.[0]?.textContent || '').trim() }))
  }))
}

/** Opens a path and expects a page there. */
export async function open(page, path, status = 200) {
  const response = await page.goto(path, { waitUntil: 'load' })
  assert.equal(response?.status(), status, `${path} answered ${response?.status()}`)
  return response
}

/** Types, chooses or ticks, whatever the control with this label takes. */
export async function fillByLabel(page, label, value) {
  const control = page.getByLabel(label, { exact: typeof label === 'string' })
  const kind = await control.first().evaluate((element) => (element.tagName === 'INPUT' ? element.type : element.tagName.toLowerCase()))
  if (kind === 'select') await control.selectOption({ label: value })
  else if (kind === 'checkbox' || kind === 'radio') await control.setChecked(value ?? true)
  else if (kind === 'file') await control.setInputFiles(value)
  else await control.fill(String(value))
}

/** Chooses a radio or ticks a checkbox within the group with this legend. */
export async function choose(page, legend, choice) {
  await page.getByRole('group', { name: legend }).getByLabel(choice, { exact: typeof choice === 'string' }).check()
}

/** Fills the day, month and year under this legend from `2009-10-19`. */
export async function fillDate(page, legend, date) {
  const [year, month, day] = date.split('-')
  const group = page.getByRole('group', { name: legend })
  for (const [label, value] of [['Day', day], ['Month', month], ['Year', year]]) await group.getByLabel(label).fill(String(Number(value)))
}

/** Presses a button and waits for the page it leads to, if it leads to one. */
export async function clickButton(page, name, within = page) {
  await settled(page, () => within.getByRole('button', { name, exact: typeof name === 'string' }).click())
}

/** Follows a link and waits for its page. */
export async function clickLink(page, name, within = page) {
  await settled(page, () => within.getByRole('link', { name, exact: typeof name === 'string' }).first().click())
}

/** Tabs until the control or link with this name has the focus, seen on the screen; for journeys by keyboard alone. */
export async function tabTo(page, name, { most = 150 } = {}) {
  const wanted = page.getByText(name, { exact: true }).or(page.getByLabel(name, { exact: true })).or(page.getByRole('button', { name, exact: true })).or(page.getByRole('link', { name, exact: true }))
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab')
    const here = page.locator('*:focus')
    if (await here.and(wanted).count() === 0) continue
    assert.ok(await here.evaluate(showsFocus), `"${name}" has the focus, but nothing on the screen shows it`)
    return
  }
  assert.fail(`"${name}" was not reached by pressing Tab ${most} times`)
}

/** Presses a key where the focus is, and waits for the page it leads to, if it leads to one. */
export async function press(page, key) {
  await settled(page, () => page.keyboard.press(key))
}

/** Everything the error summary at the top of the page lists. */
export async function errorsOf(page) {
  return (await page.getByRole('alert').getByRole('listitem').allTextContents()).map((text) => text.trim())
}

// A form's answer may take its time: wait for it when the act asked for a page, and only then.
async function settled(page, act) {
  let asked = null
  const onRequest = (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) asked ??= page.waitForEvent('domcontentloaded')
  }
  page.on('request', onRequest)
  try {
    await act()
    // The browser turns a press into a request only after the script that handles it.
    await page.waitForTimeout(30)
    await asked
    await page.waitForLoadState('load')
  } finally {
    page.off('request', onRequest)
  }
}

function showsFocus(element) {
  const beside = element.labels?.[0]
  const looks = [[element, null], [element, '::before'], [element, '::after'], ...(beside ? [[beside, '::before'], [beside, null]] : [])]
  return looks.some(([part, pseudo]) => {
    const style = getComputedStyle(part, pseudo)
    return (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none'
  })
}
