// Buttons that only scripts can serve (print, copy), and questions before something that cannot be undone.

export function buttons(page) {
  for (const button of page.querySelectorAll('button[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }

  for (const button of page.querySelectorAll('button[data-copy]')) {
    // Browsers let pages copy only over a safe connection.
    if (!navigator.clipboard) continue
    button.hidden = false
    button.addEventListener('click', () => copy(button))
  }

  // `data-confirm` on the form asks always; on a button, when it is that button.
  page.addEventListener('submit', (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm
    if (question && !window.confirm(question)) event.preventDefault()
  })
}

async function copy(button) {
  const status = button.parentElement.querySelector('[role=status]')
  const say = (text) => {
    if (status) status.textContent = ` ${text}`
  }
  try {
    await navigator.clipboard.writeText(button.dataset.copy)
    say('Copied')
  } catch {
    say('Not copied: select the address and copy it yourself')
  }
}
