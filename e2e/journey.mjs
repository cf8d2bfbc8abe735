// A journey: what one or more people do in the product, from their first page to their last. Journey files call
// `journey()`; the runner (run.mjs) runs what they registered, in order, on one fresh demo per file and stage.

const registered = []

/**
 * Registers a journey.
 *
 * The body gets `{ page, base, open }`: a page at the product's address (paths like `/calls` work in `page.goto`), that
 * address, and `open({ width, javaScript, host })`, which gives another page in a browser of its own, for a second person.
 *
 * A journey also fails when any of its pages logs an error to the console, throws in a script, or asks anything of
 * another host, unless a message matches one of `expects`.
 *
 * @param {string} title what happens, as a sentence
 * @param {{ at?: string, start?: Function, javaScript?: boolean, width?: number, height?: number, host?: string, expects?: RegExp[], seconds?: number }} options
 *   `at`: the stage the demo stands at; `start`: starts another product instead, from `{ binary }`, as `startProduct` answers it, with `hosts` it sends people to; `host`: by which name it is reached (127.0.0.1; passkeys need `localhost`); `width` and `height` in CSS pixels (1280 by 900); `seconds` before it is given up (120)
 * @param {(scene: { page: import('playwright-core').Page, base: string, open: Function }) => Promise<void>} body
 */
export function journey(title, options, body) {
  if (typeof options === 'function') registered.push({ title, options: {}, body: options })
  else registered.push({ title, options, body })
}

/** Empties the register; for the runner, after it has loaded a file. */
export function takeRegistered() {
  return registered.splice(0)
}
