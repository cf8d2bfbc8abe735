// Passkeys: `form[data-passkey-add]` makes one, `form[data-passkey-sign-in]` signs in with one. Around each stands
// `[data-passkey-origin]`, the one address at which passkeys work, with words for when they do not
// (`[data-passkey-without]`); the server is asked for a challenge first, and given what the authenticator answers.

export function passkeys(page) {
  for (const place of page.querySelectorAll('[data-passkey-origin]')) {
    const reason = reasonAgainst(place.dataset.passkeyOrigin)
    for (const words of place.querySelectorAll('[data-passkey-without]')) words.hidden = words.dataset.passkeyWithout !== reason
    if (reason) continue
    attend(place.querySelector('form[data-passkey-add]'), add)
    attend(place.querySelector('form[data-passkey-sign-in]'), signIn)
  }
}

// `name`: another address than the one passkeys belong to. `support`: the browser has none.
function reasonAgainst(origin) {
  if (location.origin !== origin) return 'name'
  return window.isSecureContext && window.PublicKeyCredential ? null : 'support'
}

function attend(form, act) {
  if (!form) return
  form.hidden = false
  const status = form.querySelector('[data-passkey-status]')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    status.textContent = 'Waiting for your device…'
    try {
      const answer = await act(form)
      location.assign(answer.location)
    } catch (error) {
      status.textContent = inWords(error)
    }
  })
}

async function add(form) {
  const { ceremony, options } = await ask('/account/passkeys/challenge', {})
  const credential = await navigator.credentials.create({ publicKey: withBytes(options.publicKey) })
  const { attestationObject, clientDataJSON } = credential.response
  return ask(form.action, {
    ceremony,
    name: new FormData(form).get('passkey-name'),
    credential: {
      ...named(credential),
      response: {
        attestationObject: text(attestationObject),
        clientDataJSON: text(clientDataJSON),
        transports: credential.response.getTransports?.() ?? [],
      },
    },
  })
}

async function signIn(form) {
  const { ceremony, options } = await ask('/sign-in/passkey/challenge', {})
  const credential = await navigator.credentials.get({ publicKey: withBytes(options.publicKey) })
  const { authenticatorData, clientDataJSON, signature, userHandle } = credential.response
  return ask(form.action, {
    ceremony,
    next: new FormData(form).get('next') ?? '',
    credential: {
      ...named(credential),
      response: {
        authenticatorData: text(authenticatorData),
        clientDataJSON: text(clientDataJSON),
        signature: text(signature),
        userHandle: userHandle ? text(userHandle) : null,
      },
    },
  })
}

async function ask(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Refused(answer)
  return answer
}

class Refused extends Error {
  constructor({ title, detail }) {
    super([title ?? 'The server did not take it', detail].filter(Boolean).join('. '))
  }
}

function inWords(error) {
  if (error instanceof Refused) return error.message
  if (error.name === 'InvalidStateError') return 'This device has a passkey for your account already.'
  // Given up, timed out, or refused by the device: the browser does not say which.
  if (error.name === 'NotAllowedError') return 'Nothing was done: it was given up, took too long, or this device has no passkey for this site.'
  return 'Nothing was done: the device or the connection did not answer. Try again.'
}

function named({ id, rawId, type }) {
  return { id, rawId: text(rawId), type, extensions: {} }
}

// The server writes bytes as text; the browser wants bytes.
function withBytes(options) {
  const result = { ...options, challenge: bytes(options.challenge) }
  if (options.user) result.user = { ...options.user, id: bytes(options.user.id) }
  for (const list of ['excludeCredentials', 'allowCredentials']) {
    if (options[list]) result[list] = options[list].map((one) => ({ ...one, id: bytes(one.id) }))
  }
  return result
}

function bytes(words) {
  const plain = atob(words.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (letter) => letter.codePointAt(0))
}

function text(buffer) {
  const plain = String.fromCodePoint(...new Uint8Array(buffer))
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
