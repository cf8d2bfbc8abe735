// Asks before a page is left with words in it that were not sent: forms with `data-autosave` or `data-unsaved`.

const unsent = new Set()

export function leaving(page) {
  for (const form of page.querySelectorAll('form[data-autosave], form[data-unsaved]')) {
    form.addEventListener('input', () => unsent.add(form))
    form.addEventListener('change', () => unsent.add(form))
  }
  // After all other listeners: one that asks "are you sure?" may still stop the form.
  window.addEventListener('submit', (event) => {
    if (!event.defaultPrevented) unsent.delete(event.target)
  })
  window.addEventListener('beforeunload', (event) => {
    if (unsent.size > 0) event.preventDefault()
  })
}

// The form's words are safe on the server.
export function isSent(form) {
  unsent.delete(form)
}
