// The site as an app: it can be installed, it is small, and without a net it
// says what is still known and what to do.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { attended, openBrowser, openPage, screens } from './browser.mjs'
import { addPerson, charge, inspect, makeWijk, text } from './wijk.mjs'

const largest = 60 * 1024 // bytes over the line for the first load of a page

let browser, wijk
const cards = {}

before(async () => {
  wijk = await makeWijk('2026-01-05T12:00:00+01:00')
  browser = await openBrowser()
  const desk = await wijk.signIn(browser, await wijk.add('desk', 'Balie'), screens.desk)
  cards.resident = await addPerson(desk, wijk.url, { name: 'Bewoner' })
  cards.shop = await addPerson(desk, wijk.url, { name: 'Eigenaar', shop: 'Bakker', address: 'Voorbeeldstraat 1' })
  await wijk.topUp([cards.resident], '40.00')
})

after(async () => {
  await browser?.close()
  await wijk?.stop()
})

// enter gives a page of somebody who signed in, with the service worker.
async function enter(card) {
  const page = await wijk.signIn(browser, card, screens.phone, { serviceWorkers: 'allow' })
  await attended(page)
  return page
}

test('the site can be installed as an app', async () => {
  const page = await enter(cards.resident)
  const devtools = await page.context().newCDPSession(page)
  const { errors, manifest } = await devtools.send('Page.getAppManifest')
  assert.deepEqual(errors, [])
  assert.equal(manifest.name, 'Grulden Voorbeeldwijk')
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
  const own = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito') // every page of the tests is private
  assert.deepEqual(own, [])
})

test('without a net the wallet says what was known last, and the till is where to go', async () => {
  const page = await enter(cards.resident)
  await page.goto(`${wijk.url}/wallet`)
  assert.match(await text(page, '#spendable'), /40,00/)
  await page.context().setOffline(true)
  await page.goto(`${wijk.url}/wallet`)
  assert.match(await text(page, 'h1'), /Geen internet/)
  assert.match(await text(page, '.lead'), /met uw kaart naar de kassa/)
  assert.match(await text(page, '#last'), /40,00 Grulden .* 5 januari/)
  page.complaints = page.complaints.filter((complaint) => !/ERR_INTERNET_DISCONNECTED/.test(complaint))
  await inspect(page, 'offline')
  await page.evaluate(() => localStorage.setItem('grulden.pending', '{}'))
  await page.goto(`${wijk.url}/history`)
  assert.match(await text(page, '.lead'), /Betaal niet nog een keer/)
  await page.evaluate(() => localStorage.removeItem('grulden.pending'))
  page.complaints = page.complaints.filter((complaint) => !/ERR_INTERNET_DISCONNECTED/.test(complaint))
  await page.context().setOffline(false)
  await page.waitForSelector('form[action="/logout"]') // by itself
  await Promise.all([page.waitForURL(/login/), page.click('form[action="/logout"] button')])
  assert.equal(await page.evaluate(() => localStorage.length), 0, 'nothing stays behind')
})

test('without a net the page is in the language of the last page', async () => {
  const page = await enter(cards.shop)
  await page.click('form[action="/language"] button')
  await page.waitForSelector('html[lang=en]')
  await page.waitForFunction(async () => (await (await caches.match('/language'))?.text()) === 'en')
  await page.context().setOffline(true)
  await page.goto(`${wijk.url}/history`)
  assert.match(await text(page, 'h1'), /No internet/)
  await page.context().setOffline(false)
  await page.waitForSelector('form[action="/logout"]') // by itself
  await page.click('form[action="/language"] button')
  await page.waitForSelector('html[lang=nl]')
})

test('what is kept for later is nobody’s', async () => {
  const page = await enter(cards.resident)
  for (const path of ['/wallet', '/history', '/pay']) await page.goto(wijk.url + path)
  const kept = await page.evaluate(async () => {
    const found = []
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname)
    }
    return found
  })
  assert.ok(kept.length > 5, kept.join())
  assert.deepEqual(kept.filter((path) => !/^\/(static\/.*|offline|language)$/.test(path)), [])
})

for (const [who, path] of [['resident', '/wallet'], ['resident', '/pay'], ['resident', '/P/'], ['shop', '/till'], ['shop', '/shop']]) {
  test(`the first load of ${path} is small`, async (t) => {
    const session = await wijk.signIn(browser, cards[who])
    let address = wijk.url + path
    if (path === '/P/') {
      const shop = await wijk.signIn(browser, cards.shop)
      address += (await charge(shop, wijk.url, '1,00')).replace('-', '')
    }
    const page = await openPage(browser, screens.phone, { storageState: await session.context().storageState() })
    const devtools = await page.context().newCDPSession(page)
    const files = new Map()
    await devtools.send('Network.enable')
    devtools.on('Network.responseReceived', ({ requestId, response }) => files.set(requestId, { url: response.url, size: 0 }))
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => files.has(requestId) && (files.get(requestId).size = encodedDataLength))
    await page.goto(address, { waitUntil: 'networkidle' })
    const all = [...files.values()]
    const total = all.reduce((sum, { size }) => sum + size, 0)
    t.diagnostic(`${total} bytes in ${all.length} files`)
    assert.ok(all.length > 2 && all.every(({ size }) => size > 0), 'every file has a size')
    assert.ok(total <= largest, `${total} bytes:\n${all.map(({ url, size }) => `${size} ${url}`).join('\n')}`)
  })
}

// hearSpeech lets a page note what it says instead of saying it.
function hearSpeech() {
  globalThis.said = []
  globalThis.speechSynthesis.speak = ({ text, lang }) => globalThis.said.push({ text, lang })
}

test('the main sentence is read aloud in the language of the page', async () => {
  const page = await wijk.signIn(browser, cards.resident)
  await page.addInitScript(hearSpeech)
  await page.goto(`${wijk.url}/wallet`)
  await page.click('.speak')
  const [{ text: words, lang }] = await page.evaluate(() => globalThis.said)
  assert.match(words, /40,00 Grulden/)
  assert.equal(lang, 'nl')
})

test('a browser that cannot speak has no button for it', async () => {
  const page = await openPage(browser)
  await page.addInitScript(() => Object.defineProperty(globalThis, 'speechSynthesis', { value: undefined }))
  await page.goto(`${wijk.url}/login`)
  await page.waitForLoadState('networkidle')
  assert.equal(await page.locator('.speak').count(), 0)
  assert.deepEqual(page.complaints, [])
})

// walk presses Tab until something with these words has the focus, and wants to
// see where it is all the way.
async function walk(page, words) {
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab')
    const { name, seen } = await page.evaluate(() => {
      const here = document.activeElement
      const { outlineStyle, outlineWidth } = getComputedStyle(here)
      return { name: (here.labels?.[0] ?? here).innerText, seen: here === document.body || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) }
    })
    assert.ok(seen, `the focus on ${name} is not seen`)
    if (words.test(name)) return
  }
  assert.fail(`the keyboard does not reach ${words}`)
}

test('a resident who has only a keyboard gets in and pays', async () => {
  const shop = await wijk.signIn(browser, cards.shop)
  const code = await charge(shop, wijk.url, '1,50')
  const page = await openPage(browser, screens.desk)
  await page.goto(`${wijk.url}/pay`)
  assert.equal(await page.evaluate(() => document.activeElement.name), 'code', 'the first field is where one begins')
  await page.keyboard.type(cards.resident.code)
  await page.keyboard.press('Tab')
  await page.keyboard.type(cards.resident.pin)
  await Promise.all([page.waitForURL(/\/pay$/), page.keyboard.press('Enter')])
  await page.keyboard.press('Tab')
  assert.match(await page.evaluate(() => document.activeElement.innerText), /Ga naar de inhoud/, 'the way past the top comes first')
  await page.keyboard.press('Enter')
  await walk(page, /Code van/)
  await page.keyboard.type(code)
  await Promise.all([page.waitForURL(/\/P\//), page.keyboard.press('Enter')])
  await walk(page, /betaal 1,50/)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/receipt\//)
})
