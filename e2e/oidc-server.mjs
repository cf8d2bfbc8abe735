// A real OpenID Connect provider (oidc-provider, certified) for tests of signing in, on the loopback address.
//
// From a journey: `const oidc = await startOidcServer({ redirectUris: [`${base}/sign-in/oidc/return`] })`.
// From elsewhere: `node oidc-server.mjs REDIRECT_URI...` prints one JSON line { issuer, client_id, client_secret } and
// runs until its standard input closes or SIGTERM comes.
//
// Everybody may sign in: the page asks for an e-mail address, which becomes the subject. An address that starts with
// "unverified" is stated as not verified; the name is made from what stands before the @.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import Provider from 'oidc-provider'

const CLIENT_ID = 'hiec'

/** @returns {Promise<{ issuer: string, clientId: string, clientSecret: string, stop: () => Promise<void> }>} */
export async function startOidcServer({ redirectUris, port = 0 }) {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${server.address().port}`
  const clientSecret = randomBytes(24).toString('base64url')
  const provider = new Provider(issuer, configuration(redirectUris, clientSecret))
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/sign-in/')) return answer(request, response)
    return signIn(provider, request, response).catch((error) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(error.message)
    })
  })
  const stop = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { issuer, clientId: CLIENT_ID, clientSecret, stop }
}

function configuration(redirectUris, clientSecret) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    clients: [{
      client_id: CLIENT_ID,
      client_secret: clientSecret,
      redirect_uris: redirectUris,
      response_types: ['code'],
      grant_types: ['authorization_code'],
    }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'test' }] },
    cookies: { keys: [randomBytes(24).toString('base64url')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount: (_, id) => ({ accountId: id, claims: () => claimsOf(id) }),
    // Consent is not what is tested: whoever signs in has given it.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  }
}

function claimsOf(email) {
  const name = email.split('@')[0].split('.').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join(' ')
  return { sub: email, email, email_verified: !email.startsWith('unverified'), name }
}

async function signIn(provider, request, response) {
  if (request.method === 'POST') {
    let body = ''
    for await (const chunk of request) body += chunk
    const email = new URLSearchParams(body).get('email')
    const result = email ? { login: { accountId: email } } : { error: 'access_denied', error_description: 'The person gave up' }
    return provider.interactionFinished(request, response, result)
  }
  await provider.interactionDetails(request, response) // refuses a sign-in nobody began
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<!DOCTYPE html>
<html lang="en"><head><title>Test sign-in</title><link rel="icon" href="data:,"></head><body><main><h1>Test sign-in</h1>
<form method="post"><label for="email">E-mail address</label> <input id="email" name="email" type="email" autocomplete="email"> <button>Continue</button></form>
</main></body></html>`)
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { issuer, clientId, clientSecret, stop } = await startOidcServer({ redirectUris: argv.slice(2) })
  console.log(JSON.stringify({ issuer, client_id: clientId, client_secret: clientSecret }))
  const end = () => { stop().then(() => process.exit(0)) }
  process.on('SIGTERM', end)
  process.stdin.on('end', end).resume()
}
