// Measures wallet, pay and till as a slow telephone loads them, from the built
// program with the sample wijk: make lighthouse. Reports go to .cache/lighthouse.
// The figures are times and depend on the machine, so no test waits for them; a
// page below the marks ends this with an error all the same.

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

import * as launcher from 'chrome-launcher'
import lighthouse from 'lighthouse'

import { root, startDemo } from '../browser/program.mjs'

const marks = { performance: 0.95, accessibility: 1 }
const runs = Number(process.env.RUNS ?? 1) // of each page; the middle one counts
const folder = path.join(root, '.cache', 'lighthouse')
const flags = { logLevel: 'error', output: 'html', onlyCategories: Object.keys(marks) }

// send posts a form and gives the answer, not what it leads to.
const send = (url, fields, cookie = '') =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers: { Cookie: cookie }, redirect: 'manual' })

// signIn gives the cookie of somebody of the sample wijk.
async function signIn(demo, role) {
  const code = new URL(demo.links[role]).searchParams.get('code')
  const answer = await send(`${demo.url}/login`, { code, pin: demo.pin })
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ')
}

// measure gives the report of a page for the person with a cookie. Each page has
// a browser of its own, which knows no cookie but that.
async function measure(url, cookie) {
  const chrome = await launcher.launch({
    chromePath: process.env.CHROMIUM || '/usr/bin/chromium',
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu'],
  })
  try {
    return await middle(url, { port: chrome.port, ...flags, extraHeaders: { Cookie: cookie } })
  } finally {
    chrome.kill()
  }
}

async function middle(url, flags) {
  const found = []
  for (let i = 0; i < runs; i++) found.push(await lighthouse(url, flags))
  found.sort((a, b) => a.lhr.categories.performance.score - b.lhr.categories.performance.score)
  return found[Math.floor(runs / 2)]
}

// tell prints the figures of a page and says whether they reach the marks.
function tell(name, { categories, audits, runtimeError }) {
  const shown = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'total-byte-weight']
  const scores = Object.keys(marks).map((key) => `${key} ${Math.round(categories[key].score * 100)}`)
  if (runtimeError) console.log(runtimeError.message)
  console.log([name.padEnd(8), ...scores, ...shown.map((key) => audits[key].displayValue)].join('  '))
  const bad = Object.keys(marks).filter((key) => categories[key].score < marks[key])
  for (const { id } of bad.flatMap((key) => categories[key].auditRefs)) {
    if (audits[id].score !== null && audits[id].score < 1) console.log(`  ${id}: ${audits[id].title} ${audits[id].displayValue ?? ''}`)
  }
  return bad.length === 0
}

const demo = await startDemo()
try {
  await mkdir(folder, { recursive: true })
  const [resident, shop] = [await signIn(demo, 'resident'), await signIn(demo, 'shop')]
  const till = (await send(`${demo.url}/till`, { amount: '7,50' }, shop)).headers.get('Location')
  const pages = [
    ['wallet', '/wallet', resident],
    ['scan', '/pay', resident],
    ['pay', till.replace('/till/', '/P/'), resident],
    ['till', '/till', shop],
    ['qr', till, shop],
    ['shop', '/shop', shop],
  ]
  let good = true
  for (const [name, address, cookie] of pages) {
    const { lhr, report } = await measure(demo.url + address, cookie)
    await writeFile(path.join(folder, `${name}.html`), report)
    good = tell(name, lhr) && good
  }
  if (!good) process.exitCode = 1
} finally {
  await demo.stop()
}
