// Saves `form[data-autosave="/address"]` (or where the form is sent) two seconds after the last change and says so.
// Until the server has the words, a copy stays in this browser, and the next visit offers it. `data-autosave-method`
// overrides POST; `[data-autosave-status]` is where it speaks.
import { isSent } from './leaving.js'
import { forget, forgetAll, keep, kept } from './unsaved.js'

const PAUSE = 2000

export function autosave(page) {
  for (const form of page.querySelectorAll('form[data-autosave]')) new Autosave(form)
  // Whoever uses this browser next must not find the words of the one before.
  page.addEventListener('submit', (event) => {
    if (/\/(sign-out|look-as)$/.test(event.target.getAttribute('action') ?? '')) forgetAll()
  })
}

class Autosave {
  constructor(form) {
    this.form = form
    this.url = form.dataset.autosave || form.getAttribute('action')
    this.key = this.url
    this.changes = 0
    this.status = form.querySelector('[data-autosave-status]') ?? form.appendChild(document.createElement('p'))
    this.status.setAttribute('role', 'status')
    this.offer()
    form.addEventListener('input', () => this.changed())
    form.addEventListener('change', () => this.changed())
    // The page itself sends the form now; the copy stays until the server has answered.
    form.addEventListener('submit', () => clearTimeout(this.timer))
    window.addEventListener('online', () => this.changes > 0 && this.save())
  }

  changed() {
    this.changes += 1
    keep(this.key, { at: new Date().toISOString(), fields: this.fields() })
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), PAUSE)
  }

  // Files are not among them: they are sent with the form.
  fields() {
    return [...new FormData(this.form)].filter(([, value]) => typeof value === 'string')
  }

  async save() {
    if (this.isSaving) {
      this.again = true
      return
    }
    this.isSaving = true
    const changes = this.changes
    try {
      const response = await fetch(this.url, {
        method: this.form.dataset.autosaveMethod ?? 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams(this.fields()),
      })
      const answer = await response.json().catch(() => ({}))
      if (!response.ok || response.redirected) this.failed(answer.title ?? 'the server did not take it', answer.next)
      else await this.taken(answer, changes)
    } catch {
      this.failed('no connection', 'Go on writing: it is tried again when the connection is back.')
    } finally {
      this.isSaving = false
      if (this.again) {
        this.again = false
        this.save()
      }
    }
  }

  // The server counts versions, so that two people do not write over each other; the form must name the newest it saw.
  async taken(answer, changes) {
    const outcomes = answer.outcomes ?? {}
    const refused = Object.keys(outcomes).filter((name) => ['conflict', 'late'].includes(outcomes[name]))
    for (const [name, version] of Object.entries(answer.versions ?? {})) {
      // Where somebody else was faster the old version stays: only "Save", which shows both texts, may go on from there.
      const field = this.form.elements.namedItem(`seen.${name}`)
      if (field && !refused.includes(name)) field.value = version
    }
    if (!answer.versions && answer.location && this.form.elements.namedItem('version')) await this.renew(answer.location)
    const said = (answer.errors ?? []).filter((error) => refused.includes(error.field)).map((error) => error.message)
    if (refused.length > 0) return this.failed(said[0] ?? 'somebody else changed this', 'Press Save to see both.')
    // More was written meanwhile: its own pause is running.
    if (changes === this.changes) {
      this.changes = 0
      forget(this.key)
      isSent(this.form)
    }
    const mend = answer.errors?.length ? '. Some answers need mending before you submit' : ''
    this.say(`Saved at ${time(new Date())}${mend}`, false)
  }

  async renew(location) {
    const page = await (await fetch(location, { headers: { accept: 'text/html' } })).text()
    const newest = new DOMParser().parseFromString(page, 'text/html').querySelector(`form[data-autosave="${this.url}"]`)
    const version = newest?.elements.namedItem('version')
    if (version) this.form.elements.namedItem('version').value = version.value
  }

  failed(why, next) {
    this.say(`Not saved: ${why.replace(/\.$/, '')}. ${next ? `${next} ` : ''}Your words are kept in this browser.`, true)
  }

  say(text, hasFailed) {
    this.status.textContent = text
    this.status.classList.add('app-autosave')
    this.status.classList.toggle('app-autosave--failed', hasFailed)
  }

  // Words from an earlier visit that the server never got.
  offer() {
    const copy = kept(this.key)
    if (!copy) return
    const hidden = new Set([...this.form.elements].filter((field) => field.type === 'hidden').map((field) => field.name))
    const told = copy.fields.filter(([name]) => !hidden.has(name))
    const now = this.fields().filter(([name]) => !hidden.has(name))
    if (JSON.stringify(told) === JSON.stringify(now)) return forget(this.key)
    this.say(`Words from ${time(new Date(copy.at))} were not saved. `, true)
    const button = (words, action) => {
      const element = document.createElement('button')
      element.type = 'button'
      element.className = 'nhsuk-button nhsuk-button--secondary nhsuk-button--small'
      element.textContent = words
      element.addEventListener('click', action)
      this.status.append(' ', element)
    }
    button('Put them back', () => this.putBack(told))
    button('Throw them away', () => {
      forget(this.key)
      this.say('Thrown away.', false)
    })
  }

  putBack(fields) {
    const given = new Map()
    for (const [name, value] of fields) given.set(name, [...(given.get(name) ?? []), value])
    for (const field of this.form.elements) {
      if (['hidden', 'file', 'submit', 'button', 'password'].includes(field.type) || !field.name) continue
      const values = given.get(field.name) ?? []
      if (field.type === 'checkbox' || field.type === 'radio') field.checked = values.includes(field.value)
      else if (values.length > 0) field.value = values.shift()
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
  }
}

const time = (moment) => moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
