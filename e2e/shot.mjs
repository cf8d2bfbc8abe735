// Pictures of pages: for the walk in docs/walk when UPDATE_SCREENSHOTS=1, else beside the other results.
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Takes a picture of what the window shows as `NAME.png`. */
export async function shot(page, name) {
  const folder = process.env.UPDATE_SCREENSHOTS === '1' ? '../docs/walk/' : 'results/pictures/'
  const path = fileURLToPath(new URL(`${folder}${name}.png`, import.meta.url))
  await mkdir(dirname(path), { recursive: true })
  await page.screenshot({ path, fullPage: false, animations: 'disabled', caret: 'hide', scale: 'css' })
}
