// How people come in: a letter for a new password, an invitation, a passkey on a device; and who looks after them.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { clickButton, clickLink, errorsOf, fillByLabel, lookAs, open } from '../person.mjs'

const PASSWORD = 'correct horse battery'

/** The path of the link in the newest letter with this subject that the demonstration caught. */
async function linkFromLetter(page, subject) {
  await open(page, '/demo/mail')
  const letter = page.getByRole('heading', { name: subject }).first().locator('xpath=following-sibling::pre[1]')
  const link = /https?:\/\/[^\s/]+(\/\S+)/.exec(await letter.innerText())
  assert.ok(link, `no link in the letter “${subject}”`)
  return link[1]
}

/** A device with a finger that always fits. */
async function attachDevice(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  })
  return { session, authenticatorId }
}

journey('a forgotten password: a letter, a new one, and in', async ({ page }) => {
  await open(page, '/sign-in')
  await axe(page)
  await clickLink(page, 'Forgotten your password, or none yet?')
  await clickButton(page, 'Send the link')
  assert.deepEqual(await errorsOf(page), ['Enter your e-mail address'])
  await axe(page)
  await fillByLabel(page, 'E-mail address', 'lead@demo.example')
  await clickButton(page, 'Send the link')
  await page.getByRole('heading', { name: 'Look at your mail' }).waitFor()
  await open(page, await linkFromLetter(page, 'Choose a new password'))
  await fillByLabel(page, 'New password', 'short')
  await clickButton(page, 'Set the password and sign in')
  assert.match((await errorsOf(page)).join(' '), /at least 12 characters/)
  await axe(page)
  await fillByLabel(page, 'New password', PASSWORD)
  await clickButton(page, 'Set the password and sign in')
  await page.getByText('Your password is set and you are signed in').waitFor()
  await clickButton(page, 'Sign out')
  await clickLink(page, 'Sign in')
  await fillByLabel(page, 'E-mail address', 'lead@demo.example')
  await fillByLabel(page, 'Password', PASSWORD)
  await clickButton(page, 'Sign in')
  await clickLink(page, 'Lena Leadwell')
  await axe(page)
})

journey('the office invites a panel member, who answers the letter', async ({ page, open: another }) => {
  await lookAs(page, 'office', '/people/invitations')
  await clickButton(page, 'Invite somebody')
  await axe(page)
  await fillByLabel(page, 'Panel member', true)
  await clickButton(page, 'Continue')
  await fillByLabel(page, 'Name of the person', 'Nora Newcomer')
  await fillByLabel(page, 'E-mail address of the person', 'nora@new.example')
  await axe(page)
  await clickButton(page, 'Send the invitation')
  await page.getByText('A letter to nora@new.example is on its way').waitFor()
  await axe(page)

  const nora = await another({ width: 375 })
  await open(nora, await linkFromLetter(page, /^Invitation: Panel member/))
  await axe(nora)
  await fillByLabel(nora, 'Choose a password', PASSWORD)
  await clickButton(nora, 'Say yes')
  await nora.getByText('Your role has begun').waitFor()
  await open(nora, '/account')
  await nora.getByText('Panel member, 2009 national competition').waitFor()
})

// The last passkey tried is refused with 422, which the browser logs.
journey('a passkey is added, signs in, and is taken away', { host: 'localhost', expects: [/422 \(Unprocessable/] }, async ({ page }) => {
  const { session, authenticatorId } = await attachDevice(page)
  await lookAs(page, 'editor', '/account/sign-in')
  await axe(page)
  await fillByLabel(page, 'Name of the new passkey', 'Finger on the laptop')
  await clickButton(page, 'Add a passkey')
  await page.getByRole('cell', { name: 'Finger on the laptop' }).waitFor()
  const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
  assert.equal(credentials.length, 1)
  assert.equal(credentials[0].isResidentCredential, true)
  await axe(page)

  await clickButton(page, 'Sign out')
  await open(page, '/sign-in?next=/account')
  await axe(page)
  await clickButton(page, 'Sign in with a passkey')
  await page.waitForURL('**/account')
  await page.getByText('Edwin Editson').first().waitFor()

  // Whoever is not verified by the device does not come in.
  await clickButton(page, 'Sign out')
  await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await open(page, '/sign-in')
  await clickButton(page, 'Sign in with a passkey')
  await page.getByText('Nothing was done').waitFor()
  await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  await clickButton(page, 'Sign in with a passkey')
  await page.waitForURL((url) => url.pathname === '/')

  await open(page, '/account/sign-in')
  page.on('dialog', (dialog) => dialog.accept())
  await page.getByText('Change Finger on the laptop').click()
  await clickButton(page, 'Remove Finger on the laptop')
  await page.getByText('The passkey is removed').waitFor()
  await clickButton(page, 'Sign out')
  await open(page, '/sign-in')
  await clickButton(page, 'Sign in with a passkey')
  await page.getByText('This passkey was not accepted').waitFor()
})

journey('by a number passkeys say that they need a name, and without JavaScript that they need it', async ({ page, open: another }) => {
  await lookAs(page, 'editor', '/account/sign-in')
  assert.match(await page.getByRole('link', { name: 'open this page by its name' }).getAttribute('href'), /^http:\/\/localhost:\d+\/account\/sign-in$/)
  assert.equal(await page.getByRole('button', { name: 'Add a passkey' }).isVisible(), false)
  const plain = await another({ javaScript: false, host: 'localhost' })
  await lookAs(plain, 'editor', '/account/sign-in')
  await plain.getByText('Adding a passkey needs JavaScript').waitFor()
  await axe(plain)
  await open(plain, '/sign-in')
  await plain.getByText('Signing in with a passkey needs JavaScript').waitFor()
})

journey('an administrator sees what the program has before it, and that nothing failed', async ({ page, open: another }) => {
  await lookAs(page, 'admin', '/')
  await clickLink(page, 'Jobs')
  await page.getByText('Nothing failed: there is nothing to do here').waitFor()
  await axe(page)
  await clickLink(page, /^Letters that wait/)
  await page.getByRole('table', { name: 'Letters that wait' }).waitFor()
  await axe(page)
  const telephone = await another({ width: 375 })
  await lookAs(telephone, 'admin', '/jobs?queue=letters&show=waiting')
  await axe(telephone)
})

journey('an administrator looks after people and the register', { width: 375 }, async ({ page }) => {
  await lookAs(page, 'admin', '/people')
  await axe(page)
  await fillByLabel(page, 'Name or address', 'regionley')
  await clickButton(page, 'Filter')
  await clickLink(page, 'Rita Regionley')
  await axe(page)
  await clickLink(page, /^End Region/)
  await axe(page)
  await clickButton(page, 'End the role')
  assert.deepEqual(await errorsOf(page), ['Enter why the role ends'])
  await open(page, '/organisations')
  await axe(page)
  await clickButton(page, 'Import a list')
  const buffer = Buffer.from('ods_code,name\nRXX,Illustrative North Trust\nRXX,Twice\n')
  await page.locator('input[type=file]').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer })
  await clickButton(page, 'Upload and preview')
  await page.getByText('stands on line 2 already').waitFor()
  await axe(page)
})
