// Copies of words that the server does not have yet, in this browser. Storage may be full or forbidden; pages go on without it.

const PREFIX = 'hiec:unsaved:'

export function keep(key, copy) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(copy))
  } catch { /* nothing to do */ }
}

export function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key))
  } catch {
    return null
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key)
  } catch { /* nothing to do */ }
}

export function forgetAll() {
  try {
    Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key))
  } catch { /* nothing to do */ }
}
