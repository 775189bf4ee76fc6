// Every page in every state, as the gallery of the demo shows them: nothing
// keeps anybody out, in both languages, by day and by night, on a telephone, at
// a desk and with letters twice as large. One page is used for all of it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { barriers, nightBarriers, openBrowser, openPage, overflow, screens, sizeBarriers } from './browser.mjs'
import { startDemo } from './program.mjs'

const name = 'Groentewinkel-en-bloemenkiosk De Korenbloemenakkerstraat' // long, and with a word that does not fit

let browser, demo, page, states
const faults = []

before(async () => {
  demo = await startDemo()
  browser = await openBrowser()
  page = await openPage(browser)
  await page.routeWebSocket(/./, () => {}) // a line that stays silent: these tills are not real
  await page.goto(`${demo.url}/dev/states`)
  states = await page.locator('.states a').evaluateAll((links) => links.map((link) => ({ lang: link.lang, url: link.href, state: link.pathname })))
})

after(async () => {
  await browser?.close()
  await demo?.stop()
})

// open shows a state, and notes what its scripts did wrong on the one before. That
// addresses of signed-in people do not answer here is no fault.
async function open(it) {
  const wrong = page.complaints.splice(0).filter((complaint) => !/Failed to load resource|net::ERR_/.test(complaint))
  if (open.last) note(open.last.state, 'scripts', wrong)
  open.last = it
  await page.goto(`${it.url}?typed=${encodeURIComponent(name)}`)
}

const note = (state, where, found) => found.forEach((fault) => faults.push(`${state}, ${where}: ${fault}`))
const tooWide = async () => ((await overflow(page)) > 0 ? [`${await overflow(page)} pixels too wide: ${await widest(page)}`] : [])

// widest names what sticks out of the page the furthest.
function widest(page) {
  return page.evaluate(() => {
    const edge = document.documentElement.clientWidth
    const out = [...document.querySelectorAll('main *, header *')].map((element) => {
      const { left, right } = element.getBoundingClientRect()
      return { by: Math.max(right - edge, -left), html: element.cloneNode(false).outerHTML }
    })
    return out.sort((a, b) => b.by - a.by).findLast(({ by }, _, all) => by === all[0].by)?.html
  })
}

// smallTargets names what is smaller than a fingertip, 44 pixels. Links inside a
// sentence are as high as its line.
function smallTargets(page) {
  return page.evaluate(() => {
    const found = []
    for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
      const target = (element.matches('[type=radio], [type=checkbox]') && element.closest('label')) || element
      const { width, height } = target.getBoundingClientRect()
      const style = getComputedStyle(target)
      const inSentence = element.localName === 'a' && style.display === 'inline'
      if (width === 0 || inSentence || element.matches('.skip')) continue
      if (Math.min(width, height) < 43.5) found.push(`${Math.round(width)}×${Math.round(height)}: ${element.cloneNode(false).outerHTML}`)
    }
    return found
  })
}

// enlarge makes all letters so many times as large.
const enlarge = (page, times) => page.evaluate((size) => void (document.documentElement.style.fontSize = size), `${112.5 * times}%`)

test('nothing keeps anybody out of any page in any state', async () => {
  assert.ok(states.length > 100, `${states.length} pages`)
  for (const it of states.filter(({ lang }) => lang !== 'ar-XB')) {
    await page.setViewportSize(screens.phone.viewport)
    await open(it)
    note(it.state, 'telephone', await barriers(page))
    note(it.state, 'at night', await nightBarriers(page))
    note(it.state, 'targets', await smallTargets(page))
    await enlarge(page, 2)
    note(it.state, 'telephone, letters twice as large', await sizeBarriers(page))
    await enlarge(page, 1)
    await page.setViewportSize(screens.desk.viewport)
    note(it.state, 'desk', [...(await sizeBarriers(page)), ...(await tooWide())])
    await page.setViewportSize({ width: 640, height: 400 })
    note(it.state, 'desk at 200 %', await tooWide())
    await page.setViewportSize({ width: 320, height: 640 })
    note(it.state, 'the narrowest telephone', await tooWide())
  }
  assert.deepEqual(faults.splice(0), [])
})

test('a language with longer words, from right to left, fits every page', async () => {
  await page.setViewportSize({ width: 320, height: 640 })
  for (const it of states.filter(({ lang }) => lang === 'ar-XB')) {
    await open(it)
    note(it.state, 'the narrowest telephone', await tooWide())
  }
  assert.deepEqual(faults, [])
})
