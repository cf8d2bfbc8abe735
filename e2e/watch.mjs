// Watches a browser for what no journey may cause: errors in the console, scripts that throw, requests to another host.

/** Returns the list the problems of every page of `context` are added to. `others` are hosts that may be asked besides ours. */
export function watch(context, base, others = []) {
  const problems = []
  const refused = new Set()
  const hosts = [new URL(base).host, ...others]

  context.on('request', (request) => {
    const url = new URL(request.url())
    const local = hosts.includes(url.host) || url.protocol === 'data:' || url.protocol === 'blob:'
    if (!local) problems.push(`asked another host: ${request.url()}`)
  })
  context.on('response', (response) => {
    // A page that answers 404 or 422 is an answer; Chromium logs it as a failed load all the same.
    if (response.request().isNavigationRequest() && response.status() >= 400) refused.add(response.url())
  })
  context.on('console', (message) => {
    if (message.type() !== 'error') return
    const { url } = message.location()
    if (message.text().startsWith('Failed to load resource') && refused.has(url)) return
    problems.push(`console error: ${message.text()}${url ? ` (${url})` : ''}`)
  })
  context.on('weberror', (error) => { problems.push(`script error: ${error.error().message}`) })
  return problems
}
