// Starts the design system's scripts and ours. Every page works without them.
import { initAll } from './nhsuk.js'
import { autosave } from './autosave.js'
import { buttons } from './buttons.js'
import { leaving } from './leaving.js'
import { passkeys } from './passkeys.js'
import { words } from './words.js'

// The design system starts only where the page says that scripts run; its own inline script for that would need a weaker policy.
document.body.classList.add('js-enabled', 'nhsuk-frontend-supported')

initAll()
buttons(document)
words(document)
leaving(document)
passkeys(document)
autosave(document)
