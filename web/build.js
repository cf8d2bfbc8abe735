// Builds web/dist: the design system's styles and scripts without the NHS's own typeface and logo, and our few additions.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'

const from = 'node_modules/nhsuk-frontend/dist/nhsuk'
const out = 'dist'

rmSync(out, { recursive: true, force: true })
mkdirSync(`${out}/images`, { recursive: true })

// The Frutiger typeface belongs to NHS bodies and would be fetched from elsewhere: its faces go, Arial stays.
const styles = readFileSync(`${from}/nhsuk-frontend.min.css`, 'utf8')
  .replace(/@font-face\{[^}]*\}/g, '')
  .replaceAll('Frutiger W01,', '')
  .replaceAll('/assets/images/', 'images/')
  .replace(/\/\*# sourceMappingURL=.*?\*\//g, '')
for (const rest of ['@font-face', 'Frutiger', 'https://assets', 'url(/']) {
  if (styles.includes(rest)) throw new Error(`the design system's styles still hold ${rest}: look at web/build.js`)
}
writeFileSync(`${out}/hiec.css`, styles + readFileSync('src/hiec.css', 'utf8'))

const scripts = readFileSync(`${from}/nhsuk-frontend.min.js`, 'utf8').replace(/\/\/# sourceMappingURL=.*$/m, '')
writeFileSync(`${out}/nhsuk.js`, scripts)
for (const name of readdirSync('src').filter((name) => name.endsWith('.js'))) cpSync(`src/${name}`, `${out}/${name}`)

// The design system's icons; its favicon and pictures carry the NHS logo and stay behind.
for (const name of readdirSync(`${from}/assets/images`).filter((name) => /^nhsuk-icon-(arrow|chevron|cross|minus|plus|search|tick|user).*\.svg$/.test(name))) {
  cpSync(`${from}/assets/images/${name}`, `${out}/images/${name}`)
}
cpSync('src/mark.svg', `${out}/images/mark.svg`)
