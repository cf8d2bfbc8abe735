// Moving placements on the rotation grid by dragging and by keyboard. Without this script each placement is changed on its own page.

export function rota(page) {
  const table = page.querySelector('table[data-rota]')
  const form = page.querySelector('form[data-rota-form]')
  if (!table || !form) return
  const byPost = table.hasAttribute('data-rota-posts')
  const months = [...table.querySelectorAll('th[data-column]')]
  const rows = [...table.querySelectorAll('tbody')]
  const status = form.querySelector('[data-rota-status]')
  form.querySelector('[data-rota-help]').hidden = false

  /** What is being moved: the bar, its row's place, the months it is moved by and the row it is moved to. */
  let moving = null

  const say = (words) => { status.textContent = words }
  const unmark = () => table.querySelectorAll('.app-rota__month--target, .app-rota__name--target, .app-rota__bar--moving')
    .forEach((one) => one.classList.remove('app-rota__month--target', 'app-rota__name--target', 'app-rota__bar--moving'))

  function begin(bar) {
    const row = rows.indexOf(bar.closest('tbody'))
    moving = { bar, from: row, row, later: 0, column: columnOf(bar) }
    show()
  }

  function columnOf(bar) {
    let column = 0
    for (let cell = bar.closest('td').previousElementSibling; cell; cell = cell.previousElementSibling) {
      if (cell.tagName === 'TD') column += cell.colSpan
    }
    return column
  }

  function show() {
    unmark()
    moving.bar.classList.add('app-rota__bar--moving')
    months[moving.column + moving.later]?.classList.add('app-rota__month--target')
    rows[moving.row]?.querySelector('th')?.classList.add('app-rota__name--target')
  }

  function describe() {
    const { later, bar } = moving
    const away = `${Math.abs(later)} ${Math.abs(later) === 1 ? 'month' : 'months'} ${later < 0 ? 'earlier' : 'later'}`
    const month = months[moving.column + later]
    const when = month ? `from ${month.textContent}` : `${away}, beyond the grid`
    const post = byPost && moving.row !== moving.from ? `, in ${rows[moving.row].dataset.post}` : ''
    return `${bar.textContent.trim()}: ${when}${post}. Press Enter to move it, Escape to leave it.`
  }

  function send() {
    const { bar, later, row, from } = moving
    if (later === 0 && row === from) return leave('Nothing was moved.')
    form.elements.placement.value = bar.dataset.placement
    form.elements.later.value = String(later)
    form.elements.post.value = byPost && row !== from ? rows[row].dataset.post : ''
    say('Moving …')
    form.requestSubmit()
  }

  function leave(words) {
    moving = null
    unmark()
    say(words)
  }

  /** The month under a point across the page. */
  const monthAt = (x) => months.findIndex((month) => {
    const box = month.getBoundingClientRect()
    return box.left <= x && x < box.right
  })

  for (const bar of table.querySelectorAll('a[data-placement]')) {
    bar.draggable = true
    bar.setAttribute('aria-keyshortcuts', 'Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown')
  }

  let grabbed = 0
  table.addEventListener('dragstart', (event) => {
    const bar = event.target.closest?.('a[data-placement]')
    if (!bar) return
    grabbed = monthAt(event.clientX)
    event.dataTransfer.effectAllowed = 'move'
    event.dataTransfer.setData('text/plain', bar.dataset.placement)
    begin(bar)
  })
  table.addEventListener('dragover', (event) => {
    if (!moving) return
    event.preventDefault()
    const month = monthAt(event.clientX)
    const row = rows.indexOf(event.target.closest('tbody'))
    if (month >= 0) moving.later = month - grabbed
    if (byPost && row >= 0) moving.row = row
    show()
  })
  table.addEventListener('drop', (event) => {
    if (!moving) return
    event.preventDefault()
    send()
  })
  table.addEventListener('dragend', () => { if (moving && status.textContent !== 'Moving …') leave('Nothing was moved.') })

  table.addEventListener('keydown', (event) => {
    const bar = event.target.closest?.('a[data-placement]')
    if (!bar) return
    if (moving && event.key === 'Escape') return leave('Left where it was.')
    if (moving && event.key === 'Enter') {
      event.preventDefault()
      return send()
    }
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if (!event.shiftKey || !step) return
    event.preventDefault()
    if (!moving || moving.bar !== bar) begin(bar)
    moving.later += step[0]
    if (byPost) moving.row = Math.min(Math.max(moving.row + step[1], 0), rows.length - 1)
    show()
    say(describe())
  })
  table.addEventListener('focusout', (event) => {
    if (moving && event.target === moving.bar && !moving.bar.matches(':active')) leave('')
  })
}
