// Checks the documents: every relative link and picture leads somewhere, every anchor exists, every `make` target and
// script they name is there, and no tracked text file holds a path of somebody's machine.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { encoding: 'utf8' })
  .split('\0').filter((file) => file && existsSync(file) && statSync(file).isFile())
const targets = new Set([...readFileSync('Makefile', 'utf8').matchAll(/^([a-z-]+):/gm)].map((m) => m[1]))
const problems = []

for (const file of files.filter((name) => name.endsWith('.md'))) checkDocument(file)
for (const file of files) checkForMachinePaths(file)

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}

function checkDocument(file) {
  const text = readFileSync(file, 'utf8')
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, (block) => block.replace(/[^\n]/g, ' '))
  for (const { 1: link, index } of prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)) {
    const where = `${file}:${lineOf(prose, index)}`
    if (/^[a-z][a-z0-9+.-]*:/i.test(link)) continue
    const [path, anchor] = link.split('#')
    const to = path ? normalize(join(dirname(file), decodeURIComponent(path))) : file
    if (!existsSync(to)) problems.push(`${where}: the link ${link} leads nowhere`)
    else if (anchor && to.endsWith('.md') && !anchorsOf(to).has(anchor)) problems.push(`${where}: ${to} has no heading for #${anchor}`)
  }
  for (const { 1: target, index } of text.matchAll(/(?:^|[`$] ?)make ([a-z][a-z-]*)/gm)) {
    if (!targets.has(target)) problems.push(`${file}:${lineOf(text, index)}: there is no \`make ${target}\``)
  }
  for (const { 1: script, index } of text.matchAll(/\b(scripts\/[a-z][a-z.-]*[a-z])/g)) {
    if (!existsSync(script)) problems.push(`${file}:${lineOf(text, index)}: there is no ${script}`)
  }
}

// The ids GitHub and GitLab give to headings.
function anchorsOf(file) {
  const anchors = new Set()
  for (const { 1: heading } of readFileSync(file, 'utf8').matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading.trim().toLowerCase().replace(/`|\*|\[|\]\([^)]*\)/g, '')
    const slug = plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-')
    let anchor = slug
    for (let n = 1; anchors.has(anchor); n += 1) anchor = `${slug}-${n}`
    anchors.add(anchor)
  }
  return anchors
}

function checkForMachinePaths(file) {
  const bytes = readFileSync(file)
  if (bytes.includes(0)) return
  const text = bytes.toString('utf8')
  for (const { 0: path, index } of text.matchAll(/(?<![\w.-])\/(?:home|Users)\/[a-z][\w.-]+\/|(?<![\w.-])\/root\/[\w.-]|(?<![\w.-])\/work\/(?:main|wt|shared|target)\b/g)) {
    problems.push(`${file}:${lineOf(text, index)}: a path of somebody's machine (${path})`)
  }
  if (file.endsWith('package-lock.json') && text.includes('"resolved":')) {
    problems.push(`${file}: names a registry; put omit-lockfile-registry-resolved=true into .npmrc and lock again`)
  }
}

function lineOf(text, index) {
  return text.slice(0, index).split('\n').length
}
