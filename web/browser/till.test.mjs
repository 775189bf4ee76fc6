// The till and the shop: a card at the counter, a shop without a net, money
// back, and the end of the day.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { promisify } from 'node:util'

import { centsOf, fits, importSecret } from '../static/files/nonet.js'
import { attended, openBrowser, openPage, photograph, screens } from './browser.mjs'
import { film, filmed } from './camera.mjs'
import { root } from './program.mjs'
import { addPerson, charge, confirm, forgive, inspect, makeWijk, text } from './wijk.mjs'

const run = promisify(execFile)
const noon = '2026-01-05T12:00:00+01:00'

let browser, camera, wijk, cardFile
const cards = {}

before(async () => {
  wijk = await makeWijk(noon)
  browser = await openBrowser()
  const desk = await wijk.signIn(browser, await wijk.add('desk', 'Balie'), screens.desk)
  for (const name of ['Bewoner Een', 'Bewoner Twee']) {
    cards[name] = await addPerson(desk, wijk.url, { name }, async (page) => {
      if (page === 'card') cardFile ??= await printedCard(desk)
    })
  }
  cards.shop = await addPerson(desk, wijk.url, { name: 'Eigenaar', shop: 'Bakker', address: 'Voorbeeldstraat 1' })
  await wijk.topUp([cards['Bewoner Een'], cards['Bewoner Twee']], '120.00')
  await desk.context().close()
})

after(async () => {
  await camera?.close()
  await browser?.close()
  await wijk?.stop()
})

let shop, resident
beforeEach(async () => {
  for (const context of browser.contexts()) await context.close()
  shop = await open(cards.shop)
  resident = await open(cards['Bewoner Twee'])
})

// open gives a new page of somebody who signed in, now or in an earlier test.
async function open(card, more = {}) {
  const page = card.session
    ? await openPage(browser, screens.phone, { storageState: card.session, ...more })
    : await wijk.signIn(browser, card, screens.phone, more)
  card.session ??= await page.context().storageState()
  await page.goto(wijk.url)
  return page
}

// printedCard prints a card as the desk does, and gives the picture of its QR
// code as a camera would see it.
async function printedCard(desk) {
  const answer = await desk.request.get(`${desk.url()}.pdf`)
  assert.equal(answer.status(), 200)
  const file = path.join(wijk.folder, 'card')
  await writeFile(`${file}.pdf`, await answer.body())
  const place = { x: 735, y: 585, W: 413, H: 413 } // the left of the card, at 300 dots an inch
  const cut = Object.entries(place).flatMap(([name, dots]) => [`-${name}`, dots])
  await run('pdftoppm', ['-r', '300', ...cut, '-png', '-singlefile', `${file}.pdf`, file])
  return `${file}.png`
}

const paid = (page, timeout = 10_000) => page.waitForSelector('#paid:not([hidden])', { timeout })

// type presses the keys of a pad.
async function type(page, pad, keys) {
  for (const key of keys) await page.click(`${pad} [data-key="${key === ',' ? 'point' : key}"]`)
}

test('the code of nine digits is the same in Go and in JavaScript', async () => {
  const vectors = JSON.parse(await readFile(path.join(root, 'merchant/testdata/confirm.json'), 'utf8'))
  for (const { secret, cents, at, code } of vectors) {
    const key = await importSecret(Buffer.from(secret, 'hex').toString('base64'))
    assert.equal(key.extractable, false)
    const seconds = Math.floor(Date.parse(at) / 1000)
    for (const [after, want] of [[0, true], [-300, true], [300, true], [-600, false], [600, false]]) {
      assert.equal(await fits(key, code, cents, seconds + after), want, `${code} ${after} seconds later`)
    }
    assert.equal(await fits(key, code, cents + 1, seconds), false)
  }
  for (const [typed, want] of [['4,50', 450], ['4.5', 450], ['€ 12', 1200], ['0', null], ['', null], ['1,234', null], ['-1', null], ['12345678', null]]) {
    assert.equal(centsOf(typed), want, typed)
  }
})

test('a customer pays by card: amount, pictures and voice before the PIN', async () => {
  const seen = []
  shop.on('request', (request) => seen.push(request.url()))
  await shop.addInitScript(() => {
    speechSynthesis.speak = (words) => (globalThis.spoken ??= []).push(`${words.lang}: ${words.text}`)
  })
  let presses = 0
  await shop.exposeFunction('press', () => presses++)
  await shop.addInitScript(() => document.addEventListener('click', () => globalThis.press(), true))
  await shop.goto(`${wijk.url}/till`)
  await inspect(shop, 'till-keypad')
  await type(shop, '#keypad', '12,50')
  await shop.click('button[value=card]')
  await shop.waitForURL(/\/card$/)
  await inspect(shop, 'card-read')
  await shop.fill('#card', cards['Bewoner Een'].code)
  await shop.press('#card', 'Enter')
  await shop.waitForURL(/\/card\/show$/)
  assert.match(await text(shop, '.tall'), /^12,50/)
  assert.equal(await shop.locator('.money').getAttribute('aria-label'), '1 keer een briefje van 10 euro, 1 keer een munt van 2 euro, 1 keer een munt van 50 cent')
  await inspect(shop, 'card-show')
  await shop.click('.speak')
  await shop.click('[data-say][lang=en]')
  assert.deepEqual(await shop.evaluate(() => globalThis.spoken), ['nl: U betaalt 12 Grulden en 50 cent aan Bakker.', 'en: You pay 12 Grulden and 50 cents to Bakker.'])
  await shop.click('a[href$="/card/pin"]')
  await shop.waitForURL(/\/card\/pin$/)
  assert.match(await text(shop, '.pinamount'), /^12,50/)
  await inspect(shop, 'card-pin')
  await type(shop, '#pinpad', '111111')
  await shop.click('form button.big')
  await shop.waitForSelector('#problem')
  forgive(shop, / 422 /)
  assert.equal(await shop.inputValue('#pin'), '', 'the wrong PIN is gone')
  await inspect(shop, 'card-wrong')
  await type(shop, '#pinpad', cards['Bewoner Een'].pin)
  assert.doesNotMatch(await shop.locator('main').innerText(), /246810/, 'no digit is shown')
  await shop.click('form button.big')
  await paid(shop)
  assert.match(await text(shop, '#paid'), /BETAALD 12,50/)
  await inspect(shop, 'card-paid')
  const code = cards['Bewoner Een'].code.replace('-', '')
  assert.ok(!seen.some((url) => url.toUpperCase().includes(code)), 'the code of the card is in no address')
  assert.ok(presses < 40, `${presses} presses`)
})

// countTones lets a page count the tones that its scripts play.
function countTones() {
  const { start } = OscillatorNode.prototype
  globalThis.tones = 0
  OscillatorNode.prototype.start = function (...when) {
    globalThis.tones++
    return start.apply(this, when)
  }
}

test('from amount to PIN pad a card takes the shop three presses and the customer one', async () => {
  await shop.addInitScript(countTones)
  await shop.goto(`${wijk.url}/till`)
  await shop.keyboard.type('4,50')
  await shop.click('button[value=card]') // 1
  await shop.waitForURL(/\/card$/)
  await shop.fill('#card', cards['Bewoner Een'].code) // the camera does this by itself
  await shop.press('#card', 'Enter') // 2
  await shop.waitForURL(/\/card\/show$/)
  await shop.click('a[href$="/card/pin"]') // the customer's
  await shop.waitForURL(/\/card\/pin$/)
  await shop.keyboard.type(cards['Bewoner Een'].pin) // the field has the focus
  await shop.keyboard.press('Enter')
  await paid(shop)
  await shop.waitForFunction(() => globalThis.tones === 3) // it sounds, as for a payment by telephone
})

test('a printed card is read by the camera, and the till goes on by itself', async () => {
  camera = await openBrowser(...filmed(await film(cardFile, 'card')))
  const page = await wijk.signIn(camera, cards.shop)
  await page.goto(`${wijk.url}/till`)
  await page.fill('#amount', '3,20')
  await page.click('button[value=card]')
  await page.waitForURL(/\/card(\/show)?$/)
  const begin = page.locator('[data-scan-begin]')
  if (await begin.isVisible().catch(() => false)) await begin.click({ timeout: 1000 }).catch(() => {})
  await page.waitForURL(/\/card\/show$/, { timeout: 20_000 })
  await page.click('a[href$="/card/pin"]')
  await page.fill('#pin', cards['Bewoner Een'].pin)
  await page.keyboard.press('Enter')
  await paid(page)
  assert.match(await text(page, '#paid'), /BETAALD 3,20/)
  await camera.close()
})

test('a card can pay without JavaScript', async () => {
  const till = await open(cards.shop, { javaScriptEnabled: false })
  await till.goto(`${wijk.url}/till`)
  await till.fill('#amount', '2,00')
  await till.click('button[value=card]')
  await till.fill('#card', cards['Bewoner Een'].code)
  await till.press('#card', 'Enter')
  await photograph(till, 'card-show-without-script')
  await till.click('a[href$="/card/pin"]')
  assert.equal(await till.getAttribute('#pin', 'type'), 'password')
  await photograph(till, 'card-pin-without-script')
  await till.fill('#pin', cards['Bewoner Een'].pin)
  await till.press('#pin', 'Enter')
  assert.match(await text(till, '#paid'), /BETAALD 2,00/)
})

test('payer and shop see the same mark of the day', async () => {
  const code = await charge(shop, wijk.url, '1,00')
  await inspect(shop, 'till-request')
  await resident.goto(`${wijk.url}/P/${code.replace('-', '')}`)
  await confirm(resident)
  await paid(shop)
  const mark = await text(shop, '#daymark b')
  assert.ok(mark.length > 5)
  assert.equal(await text(resident, '#daymark b'), mark)
  await inspect(shop, 'till-paid')
})

// secrets gives how many secrets this browser keeps.
async function secrets() {
  const db = await new Promise((resolve) => (indexedDB.open('till without a net').onsuccess = (event) => resolve(event.target.result)))
  if (!db.objectStoreNames.contains('secrets')) return 0
  return new Promise((resolve) => (db.transaction('secrets').objectStore('secrets').count().onsuccess = (event) => resolve(event.target.result)))
}

test('a shop without a net checks the code that the payer shows', async () => {
  const poster = await open(cards.shop)
  await poster.goto(`${wijk.url}/shop/poster`)
  const code = (await text(poster, '.typed b')).replace('-', '')
  shop = await open(cards.shop, { serviceWorkers: 'allow' })
  await shop.clock.setFixedTime(new Date(noon))
  await shop.goto(`${wijk.url}/till`)
  await attended(shop) // from now on the worker sees which pages are opened
  await shop.waitForFunction(() => caches.match('/till/offline'))
  await shop.waitForFunction(secrets)
  await shop.context().setOffline(true)

  await resident.goto(`${wijk.url}/P/${code}?amount=4,50`)
  await confirm(resident)
  await inspect(resident, 'receipt-with-code')
  const proof = await text(resident, '#confirmcode')
  assert.match(proof, /^\d{3} \d{3} \d{3}$/)

  await shop.goto(`${wijk.url}/till`).catch(() => {})
  await shop.waitForSelector('#nonet:not([hidden])')
  const check = async (amount, typed) => {
    await shop.fill('#amount', amount)
    await shop.fill('#code', typed)
    await shop.press('#code', 'Enter')
  }
  await check('45,00', proof)
  await shop.waitForSelector('[data-verdict=wrong]:not([hidden])')
  await check('4,50', '12345')
  await shop.waitForSelector('[data-verdict=code]:not([hidden])')
  await check('4,50', proof)
  await shop.waitForSelector('#good:not([hidden])')
  assert.match(await text(shop, '#good'), /BETAALD 4,50/)
  assert.match(await text(shop, '#taken li'), /Nog niet nagekeken .*\+4,50/)
  await photograph(shop, 'till-without-net')
  await check('4,50', proof)
  await shop.waitForSelector('[data-verdict=used]:not([hidden])')

  await shop.context().setOffline(false)
  await shop.waitForSelector('#taken li[data-state=found]')
  assert.match(await text(shop, '#taken li'), /^Klopt/)
  const key = await shop.evaluate(async () => {
    const db = await new Promise((resolve) => (indexedDB.open('till without a net').onsuccess = (event) => resolve(event.target.result)))
    const [kept] = await new Promise((resolve) => (db.transaction('secrets').objectStore('secrets').getAll().onsuccess = (event) => resolve(event.target.result)))
    return kept.key.extractable
  })
  assert.equal(key, false, 'no script can read the secret again')
})

test('a code that the ledger does not know is shown in red when the net is back', async () => {
  await shop.clock.setFixedTime(new Date(noon))
  await shop.goto(`${wijk.url}/till/offline`)
  await shop.waitForSelector('#nonet:not([hidden])')
  await shop.evaluate(async () => {
    const { secret } = document.getElementById('nonet').dataset
    const db = await new Promise((resolve) => (indexedDB.open('till without a net').onsuccess = (event) => resolve(event.target.result)))
    const taken = { secret, day: '2026-1-5', code: '111222333', cents: 999, at: Math.floor(Date.now() / 1000), state: 'waits' }
    await new Promise((resolve) => (db.transaction('taken', 'readwrite').objectStore('taken').put(taken).onsuccess = resolve))
  })
  await shop.reload()
  await shop.waitForSelector('#taken li[data-state=lost]')
  assert.match(await text(shop, '#taken li[data-state=lost]'), /Niet gevonden.*\+9,99/)
  await inspect(shop, 'till-without-net-lost')
})

test('the shop gives a payment back, and both see it', async () => {
  const code = await charge(shop, wijk.url, '6,00')
  await resident.goto(`${wijk.url}/P/${code.replace('-', '')}`)
  await confirm(resident)
  await shop.goto(`${wijk.url}/shop`)
  await inspect(shop, 'shop-home')
  await shop.goto(`${wijk.url}/shop/payments`)
  await inspect(shop, 'shop-payments')
  await shop.locator('.lines a', { hasText: '+6,00' }).first().click()
  await inspect(shop, 'shop-payment')
  await shop.click('summary')
  await shop.fill('#amount', '2,50')
  await shop.press('#amount', 'Enter')
  await shop.waitForSelector('#sure')
  await inspect(shop, 'shop-refund-sure')
  await shop.dblclick('#sure button')
  await shop.waitForURL(/done=refunded/)
  assert.match(await text(shop, 'main'), /Hiervan is 2,50 terugbetaald/)
  await resident.goto(`${wijk.url}/history`)
  assert.equal(await resident.locator('.lines .sum', { hasText: '+2,50' }).count(), 1)
  await shop.goto(`${wijk.url}/shop/day`)
  await inspect(shop, 'shop-day')
  assert.match(await text(shop, '.zreport'), /Teruggegeven \(1\) −2,50/)
  const [csv, xlsx] = await Promise.all(['csv', 'xlsx'].map((kind) => shop.request.get(`${wijk.url}/shop/day.${kind}`)))
  assert.match(await csv.text(), /Terugbetaling;[^;]*;-2,50;/)
  assert.equal((await xlsx.body()).subarray(0, 2).toString(), 'PK')
})

test('poster and receipt print, and the printed poster is read again', async () => {
  await shop.goto(`${wijk.url}/shop/poster`)
  const code = (await text(shop, '.typed b')).replace('-', '')
  const file = path.join(wijk.folder, 'poster')
  await writeFile(`${file}.pdf`, await shop.pdf({ preferCSSPageSize: true }))
  const { stdout: info } = await run('pdfinfo', [`${file}.pdf`])
  assert.match(info, /Pages: +1\n/)
  assert.match(info, /Page size: +59[45]\.\d+ x 84[12]/, 'A4')
  await run('pdftoppm', ['-r', '100', '-png', '-singlefile', `${file}.pdf`, file])
  const { stdout } = await run('zbarimg', ['--nodbus', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', `${file}.png`])
  assert.equal(stdout.trim(), `${wijk.url.toUpperCase()}/P/${code}`)

  await shop.goto(`${wijk.url}/shop/payments`)
  await shop.locator('.lines a').first().click()
  await shop.click('a[href$="/slip"]')
  await inspect(shop, 'shop-slip')
  await writeFile(`${file}-slip.pdf`, await shop.pdf({ width: '80mm', height: '200mm' }))
  const { stdout: slip } = await run('pdftotext', ['-layout', `${file}-slip.pdf`, '-'])
  assert.match(slip, /Bakker/)
  assert.doesNotMatch(slip, /Bewoner|Uitloggen/)
  const { stdout: pages } = await run('pdfinfo', [`${file}-slip.pdf`])
  assert.match(pages, /Pages: +1\n/)
})
