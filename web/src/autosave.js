// Saves a form marked `data-autosave` while it is written, and keeps what could not be saved until the page is open again.
// The form works without it; it never sends what the Save button would not send.

const PAUSE = 2500
const AGAIN = 15_000

for (const form of document.querySelectorAll('form[data-autosave]')) autosave(form)

function autosave(form) {
  const status = form.querySelector('[data-autosave-status]')
  const place = `unsaved ${form.action}`
  const say = (text) => { if (status) status.textContent = text }
  let timer = null
  let sending = false
  let dirty = false
  let leaving = false

  if (restore(form, read(place))) {
    dirty = true
    say('What you typed before is back in its fields. It is not saved yet.')
    plan(PAUSE)
  }

  form.addEventListener('input', () => {
    dirty = true
    write(place, unsaved(form))
    plan(PAUSE)
  })
  form.addEventListener('submit', () => {
    leaving = true
    clearTimeout(timer)
  })
  window.addEventListener('beforeunload', (event) => {
    if (dirty && !leaving) event.preventDefault()
  })

  function plan(wait) {
    clearTimeout(timer)
    timer = setTimeout(save, wait)
  }

  async function save() {
    if (leaving) return
    if (sending) {
      plan(PAUSE)
      return
    }
    sending = true
    dirty = false
    try {
      const answer = await fetch(form.action, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams(new FormData(form)),
      })
      if (leaving) return
      if (answer.status === 401) {
        dirty = true
        say('You have been signed out. Sign in again in another tab, or here: what you typed is kept and comes back.')
        return
      }
      if (!answer.ok) throw new Error(`answered ${answer.status}`)
      report(await answer.json())
    } catch {
      dirty = true
      if (leaving) return
      say('Not saved: the service cannot be reached. Keep this page open; it is tried again.')
      plan(AGAIN)
    } finally {
      sending = false
    }
  }

  function report({ saved_at: savedAt, outcomes, versions, errors }) {
    for (const [question, outcome] of Object.entries(outcomes)) {
      const seen = form.elements.namedItem(`seen.${question}`)
      // After a conflict the writer has not seen the other's text: the old number stays until they press Save.
      if (seen && outcome !== 'conflict' && versions[question] !== undefined) seen.value = versions[question]
    }
    const words = Object.values(errors ?? {}).flat().map((error) => error.message ?? String(error))
    if (words.length > 0) {
      say(`Not everything counts yet: ${words.join(' ')}`)
      return
    }
    if (!dirty) write(place, null)
    const time = new Date(savedAt).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' })
    say(`Saved at ${time}.`)
  }
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !['hidden', 'file', 'submit', 'button'].includes(field.type))
}

function valueOf(field) {
  return field.type === 'checkbox' || field.type === 'radio' ? field.checked : field.value
}

function nameOf(field) {
  return field.type === 'checkbox' || field.type === 'radio' ? `${field.name}=${field.value}` : field.name
}

/** What stands in the fields, and which versions of the answers the writer saw. */
function unsaved(form) {
  return {
    seen: Object.fromEntries([...form.querySelectorAll('input[type="hidden"]')].map((field) => [field.name, field.value])),
    values: fieldsOf(form).map((field) => [nameOf(field), valueOf(field)]),
  }
}

/** Puts kept values back; not when the answers were changed since, for then they were saved or stand in the history. */
function restore(form, kept) {
  if (!kept) return false
  const now = unsaved(form)
  if (JSON.stringify(now.seen) !== JSON.stringify(kept.seen)) return false
  const values = new Map(kept.values)
  let changed = false
  for (const field of fieldsOf(form)) {
    const value = values.get(nameOf(field))
    if (value === undefined || value === valueOf(field)) continue
    if (typeof value === 'boolean') field.checked = value
    else field.value = value
    changed = true
  }
  return changed
}

function read(place) {
  try {
    return JSON.parse(sessionStorage.getItem(place))
  } catch {
    return null
  }
}

function write(place, value) {
  try {
    if (value === null) sessionStorage.removeItem(place)
    else sessionStorage.setItem(place, JSON.stringify(value))
  } catch {
    // A full or forbidden store: saving goes on without it.
  }
}
