// A phone becomes a wallet and pays: with a signature that the ledger checks,
// and with a net that dies at the worst moments.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'

import { openBrowser, openPage, screens } from './browser.mjs'
import { addPerson, charge, confirm, forgive, inspect, makeWijk, text } from './wijk.mjs'

const noon = '2026-01-05T12:00:00+01:00'

let browser, wijk, shop
const cards = {}

before(async () => {
  wijk = await makeWijk(noon)
  browser = await openBrowser()
  const desk = await wijk.signIn(browser, await wijk.add('desk', 'Balie'), screens.desk)
  cards.anna = await addPerson(desk, wijk.url, { name: 'Bewoner Een' })
  cards.bram = await addPerson(desk, wijk.url, { name: 'Bewoner Twee' })
  cards.shop = await addPerson(desk, wijk.url, { name: 'Eigenaar', shop: 'Bakker', address: 'Voorbeeldstraat 1' })
  await wijk.topUp([cards.anna, cards.bram], '400.00')
  await desk.context().close()
})

after(async () => {
  await browser?.close()
  await wijk?.stop()
})

beforeEach(async () => {
  for (const context of browser.contexts()) if (context !== cards.phone?.context()) await context.close()
  shop = cards.session ? await openPage(browser, screens.phone, { storageState: cards.session }) : await wijk.signIn(browser, cards.shop)
  cards.session ??= await shop.context().storageState()
})

const cardLink = ({ code }) => `${wijk.url}/C/${code.replace('-', '')}`
const linkOf = (code) => `${wijk.url}/P/${code.replace('-', '')}`
const paid = (timeout = 4000) => shop.waitForSelector('#paid:not([hidden])', { timeout })

// enrol scans a card with a phone's camera, and makes the phone a wallet.
async function enrol(card, phone, seen = () => {}) {
  await phone.goto(cardLink(card))
  await seen('owncard')
  await phone.fill('#pin', card.pin)
  await phone.press('#pin', 'Enter')
  await phone.waitForSelector('#enrol:not([hidden])')
  await seen('enrol')
  await phone.press('#name', 'Enter')
  await phone.waitForURL(/\/wallet/)
}

// has is what somebody can spend, by the page of the wallet.
async function has(page) {
  await page.goto(`${wijk.url}/wallet`)
  return text(page, '#spendable b')
}

test('the QR code on a card makes a phone a wallet', async () => {
  const agent = 'Mozilla/5.0 (Linux; Android 11; moto g(9)) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36'
  const phone = await openPage(browser, screens.phone, { userAgent: agent })
  cards.phone = phone
  await phone.goto(cardLink(cards.anna).toLowerCase().replace(/\/c\/.*/, (code) => `/c/${code.slice(3)}`))
  await phone.fill('#pin', '135790')
  await phone.press('#pin', 'Enter')
  await phone.waitForSelector('#problem')
  forgive(phone, /422/)
  await enrol(cards.anna, phone, async (name) => {
    if (name === 'enrol') assert.equal(await phone.inputValue('#name'), 'Android-telefoon')
    await inspect(phone, `phone-${name}`)
  })
  await inspect(phone, 'phone-wallet')
  assert.match(await text(phone, '.notice.good'), /kunt u nu betalen/)
  const secret = await phone.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open('grulden')
    request.onsuccess = () => {
      const keys = request.result.transaction('keys').objectStore('keys').getAll()
      keys.onsuccess = () => {
        const [{ secret, alg }] = keys.result
        crypto.subtle.exportKey('pkcs8', secret).then(() => resolve('taken out'), (error) => resolve(`${alg} ${secret.extractable} ${error.name}`))
      }
    }
    request.onerror = reject
  }))
  assert.equal(secret, 'Ed25519 false InvalidAccessError', 'the key cannot be taken out')
})

test('a payment is signed by the phone, and both sides see the mark of the day', async () => {
  const { phone } = cards
  const code = await charge(shop, wijk.url, '4,50')
  await phone.goto(linkOf(code))
  await inspect(phone, 'phone-pay')
  const order = phone.waitForRequest((request) => request.method() === 'POST' && request.url() === linkOf(code))
  await phone.keyboard.press('Tab') // the skip link; from the keyboard alone the button is reached by name
  await phone.focus('#confirm button')
  await phone.keyboard.press('Enter')
  await phone.waitForURL(/\/receipt\//)
  const fields = new URLSearchParams((await order).postData())
  assert.equal(Buffer.from(fields.get('sig'), 'base64url').length, 64)
  await paid()
  assert.equal(await text(shop, '#daymark'), await text(phone, '#daymark'), 'the same picture and colour')
  await inspect(phone, 'phone-paid')
  const counted = await text(phone, '#ago')
  await phone.waitForFunction((before) => document.getElementById('ago').textContent !== before, counted)

  fields.delete('sig')
  const unsigned = await phone.evaluate(async ([address, body]) => (
    (await fetch(address, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(body) })).json()
  ), [linkOf(await charge(shop, wijk.url, '1,00')), fields.toString()])
  assert.equal(unsigned.code, 'unsigned', 'a session of a phone pays by its signature only')
  forgive(phone, /403/)
})

test('above the limit the PIN is asked on the same page, in English too', async () => {
  const { phone } = cards
  await phone.click('form[action="/language"] button')
  const address = linkOf(await charge(shop, wijk.url, '25,01'))
  await phone.goto(address)
  await inspect(phone, 'phone-pin-english')
  await phone.fill('#pin', '135791')
  await phone.press('#pin', 'Enter')
  await phone.waitForSelector('#saidno:not([hidden])')
  assert.match(await text(phone, '#saidno'), /This PIN is not right\. Nothing was paid/)
  forgive(phone, /422/)
  await inspect(phone, 'phone-wrong-pin')
  await phone.fill('#pin', cards.anna.pin)
  await phone.press('#pin', 'Enter')
  await phone.waitForURL(/\/receipt\//)
  await paid()
  await phone.goto(linkOf(await charge(shop, wijk.url, '50,01')))
  assert.match(await text(phone, '#problem'), /This phone is still new.*at most 50\.00/)
  assert.equal(await phone.locator('#confirm').count(), 0)
  await phone.click('form[action="/language"] button')
})

// cut lets the net die under a phone's orders: before the server has them, or
// after it has them and before the phone hears of it.
async function cut(phone, when) {
  const orders = []
  await phone.route('**/P/**', async (route) => {
    if (route.request().method() !== 'POST' && !route.request().url().includes('/state')) return route.continue()
    orders.push(route.request().postData())
    if (when === 'after') await route.fetch()
    return route.abort('internetdisconnected')
  })
  return orders
}

// hold keeps all orders of a phone under way from now on, neither sent nor lost.
async function hold(phone) {
  const held = []
  await phone.route('**/P/**', (route) => held.push(route))
  return held
}

for (const when of ['before', 'after']) {
  test(`the net dies ${when} the server has the order: one press, one payment, and both sides know`, async () => {
    const { phone } = cards
    const start = await has(phone)
    await phone.goto(linkOf(await charge(shop, wijk.url, '2,00')))
    const orders = await cut(phone, when)
    await phone.click('#confirm button')
    await phone.waitForSelector('#checking:not([hidden])')
    forgive(phone, /ERR_INTERNET_DISCONNECTED/)
    const held = await hold(phone)
    if (when === 'before') {
      await phone.waitForTimeout(2500) // the last order that failed is over
      forgive(phone, /ERR_INTERNET_DISCONNECTED/)
      await inspect(phone, 'phone-checking')
    }
    if (when === 'after') await paid()
    else assert.equal(await shop.locator('#paid').isVisible(), false)
    await phone.unroute('**/P/**')
    for (const route of held) await route.abort('internetdisconnected').catch(() => {}) // let go of already
    await phone.waitForURL(/\/receipt\//)
    await paid()
    assert.ok(orders.length > 0)
    const cents = (amount) => Number(amount.replace(/\D/g, ''))
    assert.equal(cents(start) - cents(await has(phone)), 200)
    forgive(phone, /ERR_INTERNET_DISCONNECTED/)
    assert.deepEqual(phone.complaints, [])
  })
}

test('an order goes on after the tab was closed, from the first page of the wallet', async () => {
  const context = cards.phone.context()
  await cards.phone.goto(linkOf(await charge(shop, wijk.url, '2,00')))
  await cut(cards.phone, 'before')
  await cards.phone.click('#confirm button')
  await cards.phone.waitForSelector('#checking:not([hidden])')
  await cards.phone.close()
  const phone = (cards.phone = await context.newPage())
  phone.complaints = []
  phone.on('console', (message) => message.type() === 'error' && phone.complaints.push(message.text()))
  await phone.goto(`${wijk.url}/wallet`)
  await phone.waitForURL(/\/receipt\//)
  await paid()
})

test('what was "not paid" stays so, whatever comes late; trying again pays', async () => {
  const { phone } = cards
  const start = await has(phone)
  await phone.clock.install()
  const address = linkOf(await charge(shop, wijk.url, '2,00'))
  await phone.goto(address)
  const orders = await cut(phone, 'before')
  await phone.click('#confirm button')
  await phone.clock.runFor(3000)
  await phone.waitForSelector('#checking:not([hidden])')
  await phone.clock.runFor(115_000)
  assert.equal(await phone.locator('#checking').isVisible(), true, 'without a net there is no answer yet')
  await phone.unroute('**/P/**')
  await phone.clock.runFor(3000)
  await phone.waitForSelector('#notpaid:not([hidden])')
  assert.equal(await phone.evaluate(() => localStorage.getItem('grulden.pending')), null)
  forgive(phone, /ERR_INTERNET_DISCONNECTED/)
  await inspect(phone, 'phone-not-paid')

  const late = await phone.evaluate(async ([to, body]) => (
    (await fetch(to, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(body) })).json()
  ), [address, orders[0]])
  assert.equal(late.code, 'given-up', 'a copy of the order that was on its way')
  forgive(phone, /409/)
  assert.equal(await has(phone), start)
  assert.equal(await shop.locator('#paid').isVisible(), false)
  await phone.goto(address)
  await confirm(phone)
  await paid()
})

test('a phone without Ed25519 signs with P-256', async () => {
  const phone = await openPage(browser)
  await phone.addInitScript(() => {
    const { generateKey } = SubtleCrypto.prototype
    SubtleCrypto.prototype.generateKey = function (how, ...more) {
      if (how.name === 'Ed25519') return Promise.reject(new DOMException('unknown', 'NotSupportedError'))
      return generateKey.call(this, how, ...more)
    }
  })
  await enrol(cards.bram, phone)
  await phone.goto(linkOf(await charge(shop, wijk.url, '3,00')))
  await confirm(phone)
  await paid()
})

test('a phone is taken away from another one, and its session ends', async () => {
  const other = await openPage(browser)
  await enrol(cards.anna, other)
  assert.equal(await other.locator('.notice a[href="/devices"]').count(), 1, 'the first phone is new, too')
  await cards.phone.goto(`${wijk.url}/wallet`)
  assert.match(await text(cards.phone, '.notice:has(a[href="/devices"])'), /Was u dat niet/)
  await other.click('.notice a[href="/devices"]')
  await inspect(other, 'phone-devices')
  assert.equal(await other.locator('.devices > li').count(), 2)
  const first = other.locator('.devices > li').first()
  assert.match(await first.innerText(), /Android-telefoon/)
  await first.locator('summary').press('Enter')
  await first.locator('input[name=sure]').press('Space')
  await first.locator('form button').press('Enter')
  await other.waitForURL(/done=retired/)
  assert.equal(await other.locator('.devices > li').count(), 1)
  await cards.phone.goto(`${wijk.url}/wallet`)
  assert.match(cards.phone.url(), /\/login/, 'the phone that was taken away is signed out')
})

test('a browser without scripts pays with card and PIN as before', async () => {
  const plain = await openPage(browser, screens.phone, { javaScriptEnabled: false })
  await plain.goto(cardLink(cards.bram))
  await plain.fill('#pin', cards.bram.pin)
  await plain.press('#pin', 'Enter')
  await plain.waitForURL(/\/devices\/new/)
  assert.equal(await plain.locator('#nokey').isVisible(), true)
  assert.equal(await plain.locator('#enrol').isVisible(), false)
  await plain.goto(linkOf(await charge(shop, wijk.url, '1,00')))
  await confirm(plain)
  await paid()
})

test('the journal holds every signature, and says so when it is verified', async () => {
  await wijk.close()
  const said = await wijk.command('verify')
  assert.match(said, /payments +8, of which 7 were signed by a device of the payer, each signature checked/)
})
