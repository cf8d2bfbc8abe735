// Signing in by an organisation's own service: a real one, certified for OpenID Connect, beside a real installation.
import assert from 'node:assert/strict'
import { axe } from '../axe.mjs'
import { journey } from '../journey.mjs'
import { startOidcServer } from '../oidc-server.mjs'
import { clickButton, clickLink, fillByLabel, open } from '../person.mjs'
import { freePort, startInstallation } from '../product.mjs'

const SERVICE = 'Illustrative Mail'
const ADMIN = { email: 'ada.example@example.org', name: 'Ada Example', role: 'administrator', password: 'correct horse battery' }
const AUDITOR = { email: 'audrey.example@example.org', name: 'Audrey Example', role: 'auditor', password: 'staple wagon lantern' }

async function start({ binary }) {
  const port = await freePort()
  const oidc = await startOidcServer({ redirectUris: [`http://127.0.0.1:${port}/sign-in/oidc/return`] })
  const settings = { oidc_issuer: oidc.issuer, oidc_client_id: oidc.clientId, oidc_client_secret: oidc.clientSecret, oidc_name: SERVICE }
  try {
    const product = await startInstallation({ binary, port, settings, people: [ADMIN, AUDITOR] })
    const stop = async () => { try { await product.stop() } finally { await oidc.stop() } }
    return { ...product, hosts: [new URL(oidc.issuer).host], stop }
  } catch (error) {
    await oidc.stop()
    throw error
  }
}

/** At the service: signs in as the person with this address, or gives up where there is none. */
async function atTheService(page, email) {
  await page.getByRole('heading', { name: 'Test sign-in' }).waitFor()
  if (email) await fillByLabel(page, 'E-mail address', email)
  await clickButton(page, 'Continue')
}

async function signIn(page, email, path = '/sign-in') {
  await open(page, path)
  await clickButton(page, `Sign in with ${SERVICE}`)
  await atTheService(page, email)
}

async function signOut(page) {
  await clickButton(page, 'Sign out')
  // The service knows its people still; a browser of one's own forgets them.
  await page.context().clearCookies()
}

journey('somebody with an account comes in by a verified address, and an administrator invites a newcomer', { start }, async ({ page, open: another }) => {
  await open(page, '/sign-in')
  await axe(page)
  await signIn(page, ADMIN.email, '/sign-in?next=/account/sign-in')
  await page.getByRole('heading', { name: `Signing in with ${SERVICE}` }).waitFor()
  await page.getByText('Linked on').waitFor()
  await axe(page)

  await open(page, '/people/invitations/new?role=auditor')
  await fillByLabel(page, 'Name of the person', 'Nora Newcomer')
  await fillByLabel(page, 'E-mail address of the person', 'nora.newcomer@new.example')
  await clickButton(page, 'Send the invitation')
  await page.getByText('A letter to nora.newcomer@new.example is on its way').waitFor()

  const nora = await another({ width: 375, javaScript: false })
  await signIn(nora, 'nora.newcomer@new.example')
  await nora.getByRole('heading', { name: 'Invitation' }).waitFor()
  await axe(nora)
  await clickButton(nora, 'Say yes')
  await nora.getByText('Your role has begun').waitFor()
  await signOut(nora)
  await signIn(nora, 'nora.newcomer@new.example', '/sign-in?next=/account')
  await nora.getByText('Nora Newcomer').first().waitFor()
  await axe(nora)
})

journey('whoever is not vouched for, is not invited or gives up is told so', { start }, async ({ page, open: another }) => {
  await signIn(page, 'unverified.somebody@example.org')
  await page.getByRole('heading', { name: `${SERVICE} does not vouch for your e-mail address` }).waitFor()
  await axe(page)
  const other = await another()
  await signIn(other, 'nobody@example.org')
  await other.getByRole('heading', { name: 'Nobody with your e-mail address has an account or an invitation here' }).waitFor()
  await axe(other)
  const third = await another()
  await signIn(third, '')
  await third.getByText(`it was stopped at ${SERVICE}`).waitFor()
  assert.equal(new URL(third.url()).pathname, '/sign-in')
  await axe(third)
  assert.equal((await third.goto('/sign-in/oidc/return?state=forged&code=forged')).status(), 409)
  await third.getByRole('heading', { name: /This sign-in was not begun in this browser/ }).waitFor()
  await axe(third)
})

journey('an account is linked and unlinked on its own page', { start }, async ({ page }) => {
  await open(page, '/sign-in?next=/account/sign-in')
  await fillByLabel(page, 'E-mail address', AUDITOR.email)
  await fillByLabel(page, 'Password', AUDITOR.password)
  await clickButton(page, 'Sign in')
  await axe(page)
  await clickButton(page, `Link to ${SERVICE}`)
  // Another address, not vouched for: who is signed in has shown whose account it is.
  await atTheService(page, 'unverified.audrey@hospital.example')
  await page.getByText(`Linked: from now on you can sign in with ${SERVICE}`).waitFor()
  await axe(page)
  await signOut(page)

  await signIn(page, 'unverified.audrey@hospital.example', '/sign-in?next=/account/sign-in')
  page.on('dialog', (dialog) => dialog.accept())
  await clickButton(page, `Remove the link to ${SERVICE}`)
  await page.getByText('The link is removed').waitFor()
  await clickLink(page, 'Your account')
  await page.getByText(`Signing in with ${SERVICE} was removed,`).waitFor()
  await signOut(page)
  await signIn(page, 'unverified.audrey@hospital.example')
  await page.getByRole('heading', { name: `${SERVICE} does not vouch for your e-mail address` }).waitFor()
})
