// Counts the words left in `textarea[data-word-limit]`, by the server's rule: words are what white space separates.
// The server counts again; nothing is cut off here.

export function words(page) {
  for (const field of page.querySelectorAll('[data-word-limit]')) {
    const limit = Number(field.dataset.wordLimit)
    if (limit > 0) watch(field, limit)
  }
}

export function countWords(text) {
  return text.split(/\p{White_Space}+/u).filter(Boolean).length
}

export function sentence(count, limit) {
  const left = limit - count
  const unit = Math.abs(left) === 1 ? 'word' : 'words'
  return left < 0 ? `You have ${-left} ${unit} too many` : `You have ${left} ${unit} remaining`
}

function watch(field, limit) {
  const line = document.createElement('p')
  line.className = 'nhsuk-hint'
  line.id = `${field.id || field.name}-words`
  // What is seen changes at once; what is said waits until the writer pauses.
  const said = document.createElement('span')
  said.className = 'nhsuk-u-visually-hidden'
  said.setAttribute('role', 'status')
  field.after(line, said)
  field.setAttribute('aria-describedby', `${field.getAttribute('aria-describedby') ?? ''} ${line.id}`.trim())

  let pause
  const show = () => {
    const count = countWords(field.value)
    line.textContent = sentence(count, limit)
    line.classList.toggle('app-count--over', count > limit)
    clearTimeout(pause)
    pause = setTimeout(() => {
      if (document.activeElement === field) said.textContent = line.textContent
    }, 1000)
  }
  field.addEventListener('input', show)
  show()
}
