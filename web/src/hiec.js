// Starts the design system's scripts and ours. Every page works without them.
import { initAll } from './nhsuk.js'
import { autosave } from './autosave.js'
import { buttons } from './buttons.js'
import { leaving } from './leaving.js'
import { passkeys } from './passkeys.js'
import { rota } from './rota.js'
import { words } from './words.js'

// The design system starts only where the page says that scripts run; its own inline script for that would need a weaker policy.
document.body.classList.add('js-enabled', 'nhsuk-frontend-supported')

// The button of the drop zone has a name that leaves its own words out (WCAG 2.5.3): the browser's own control stays.
for (const zone of document.querySelectorAll('[data-module="nhsuk-file-upload"]')) zone.removeAttribute('data-module')
initAll()
buttons(document)
words(document)
leaving(document)
passkeys(document)
rota(document)
autosave(document)
