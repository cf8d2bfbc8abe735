// A second tool that judges our side of LTI 1.3: npm's ltijs over a database in memory, opened from the demonstration by a trainee; see scripts/check-lti.
const site = process.argv[2]
const fail = []
const expect = (what, holds, detail = '') => {
  console.log(`${holds ? 'ok   ' : 'WRONG'} ltijs: ${what}${detail ? ': ' + detail : ''}`)
  if (!holds) fail.push(what)
}

// The demonstration stands in another year: the tool's clock is set to it before any library looks.
const RealDate = Date
let ahead = 0
global.Date = class extends RealDate {
  constructor (...given) { given.length ? super(...given) : super(RealDate.now() + ahead) }
  static now () { return RealDate.now() + ahead }
}

// Somebody's browser: cookies of one site, no redirect followed by itself.
const browser = () => {
  const cookies = new Map()
  return async (address, { form, json, method, headers = {} } = {}) => {
    const answer = await fetch(new URL(address, site), {
      method: method ?? (form || json ? 'POST' : 'GET'),
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...headers },
      body: form ? new URLSearchParams(form) : undefined
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split(/=(.*)/)
      cookies.set(name, value)
    }
    return { status: answer.status, to: answer.headers.get('location'), headers: answer.headers, text: await answer.text() }
  }
}
const lookAs = async person => {
  const ask = browser()
  await ask('/demo/look-as', { form: { person } })
  return ask
}
const data = async (ask, path) => JSON.parse((await ask(path, { headers: { accept: 'application/json' } })).text)
const hidden = (text, name) => (text.match(new RegExp(`name="${name}" value="([^"]*)"`)) ?? [])[1]?.replace(/&amp;/g, '&')

const main = async () => {
  const education = '/clusters/necles/education'
  const [lead, trainee] = [await lookAs('education-lead'), await lookAs('trainee-4')]
  const name = `ltijs ${RealDate.now()}`
  const port = 18000 + (process.pid % 1000)
  const tool = `http://127.0.0.1:${port}`
  await lead(`${education}/learning-tools`, { form: { name, login_url: `${tool}/login`, redirect_urls: `${tool}/` } })
  const seen = await data(lead, `${education}/learning-tools`)
  const made = seen.tools.find(one => one.name === name)
  const course = (await data(lead, `${education}/courses`)).courses[0].key
  await lead(`${education}/courses/${course}/parts`, { form: { kind: 'material', title: name, minutes: '20', tool: made.id, target_url: `${tool}/` } })
  const part = (await data(trainee, `${education}/courses/${course}`)).parts.find(one => one.title === name).id
  const asked = await lead(`${education}/learning-tools/providers`, { form: { provider_name: name }, headers: { accept: 'application/json' } })
  const { key, secret } = JSON.parse(asked.text)
  const basic = 'Basic ' + Buffer.from(`${key}:${secret}`).toString('base64')
  const then = await browser()('/xapi/statements', { headers: { authorization: basic, 'x-experience-api-version': '1.0.3' } })
  ahead = RealDate.parse(then.headers.get('x-experience-api-consistent-through')) - RealDate.now()

  const lti = require('ltijs').Provider
  const Database = require('ltijs-sequelize')
  lti.setup('a key of no worth', { plugin: new Database('judge', 'none', 'none', { dialect: 'sqlite', storage: ':memory:', logging: false, pool: { max: 1 } }) },
    { appRoute: '/', loginRoute: '/login', cookies: { secure: false, sameSite: '' }, devMode: true })
  let opened
  lti.onConnect(async (token, _, res) => { opened = token; return res.send('opened') })
  lti.onDeepLinking(async (token, _, res) => {
    const item = { type: 'ltiResourceLink', url: `${tool}/`, title: `${name}: picked`, custom: { chapter: '3' } }
    return res.send(await lti.DeepLinking.createDeepLinkingForm(token, [item], { message: 'One chapter' }))
  })
  await lti.deploy({ port, silent: true })
  await lti.registerPlatform({
    url: seen.issuer, name: 'hiec', clientId: made.client_id, authenticationEndpoint: `${site}/lti/authorize`,
    accesstokenEndpoint: `${seen.issuer}/lti/token`, authConfig: { method: 'JWK_SET', key: `${site}/lti/jwks` }
  })
  const keys = await (await fetch(`${tool}/keys`)).text()
  await lead(`${education}/learning-tools/${made.id}/agreement`, { form: { keys, choosing_url: `${tool}/` } })

  // The way of a browser: begin here, log in there, come back, carry the token there.
  const carry = async (ask, begun) => {
    const atTool = browser()
    const login = await atTool(JSON.parse(begun.text).login)
    const page = await ask(login.to)
    const token = hidden(page.text, 'id_token')
    const landed = await atTool(`${tool}/`, { form: { id_token: token ?? '', state: hidden(page.text, 'state') ?? '' } })
    return landed.to ? atTool(new URL(landed.to, tool)) : landed
  }
  const json = { accept: 'application/json' }
  const landed = await carry(trainee, await trainee(`${education}/courses/${course}/parts/${part}/launch`, { method: 'POST', headers: json }))
  expect('the tool takes the launch', landed.text === 'opened', landed.text.slice(0, 200))
  expect('it is told no name', !opened?.userInfo?.name && !opened?.userInfo?.email, opened?.user)
  const done = async () => (await data(trainee, `${education}/courses/${course}`)).done.includes(part)
  await lti.Grade.submitScore(opened, opened.platformContext.endpoint.lineitem, {
    userId: opened.user, scoreGiven: 7, scoreMaximum: 10, activityProgress: 'Completed', gradingProgress: 'FullyGraded'
  })
  expect('a completed score completes the part', await done())
  const scores = await lti.Grade.getScores(opened, opened.platformContext.endpoint.lineitem, { userId: opened.user })
  expect('it reads the result', scores.scores[0]?.resultScore === 70, JSON.stringify(scores.scores))
  const lines = await lti.Grade.getLineItems(opened, { resourceLinkId: true })
  expect('it lists its lines', lines.lineItems.length === 1, lines.lineItems[0]?.label)
  const members = await lti.NamesAndRoles.getMembers(opened)
  const me = members.members.find(one => one.user_id === opened.user)
  expect('it lists members by number', me && !members.members.some(one => one.name || one.email), `${members.members.length} members`)
  const form = await carry(lead, await lead(`${education}/courses/${course}/choices`, { form: { tool: made.id }, headers: json }))
  const answer = (form.text.match(/name="JWT" value="([^"]*)"/) ?? [])[1]
  const taken = await browser()('/lti/choices', { form: { JWT: answer ?? '' }, headers: { origin: tool, 'sec-fetch-site': 'cross-site' } })
  expect('its answer to a request to pick is taken', taken.status === 303, taken.text.slice(0, 200))
  const shown = taken.to ? await lead(taken.to) : { text: '' }
  expect('and waits for the planner', shown.text.includes(`${name}: picked`) && shown.text.includes('One chapter'))
  process.exit(fail.length ? 1 : 0)
}
main().catch(why => { console.error('ltijs could not judge:', why); process.exit(2) })
