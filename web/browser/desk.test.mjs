// The desk at work: somebody new gets a card in a few presses, a lost card is
// replaced, and the shops stand on a list with a map. What is printed is read
// again, as a till or a telephone would.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import { logIn, openBrowser, openPage, photograph, screens } from './browser.mjs'
import { root } from './program.mjs'
import { addPerson, choosePIN, forgive, inspect, makeWijk, PIN, text } from './wijk.mjs'

const run = promisify(execFile)

let browser, wijk, desk

before(async () => {
  wijk = await makeWijk('2026-01-05T09:00:00+01:00') // a Monday
  browser = await openBrowser()
  desk = await wijk.signIn(browser, await wijk.add('desk', 'Balie'), screens.desk)
})

after(async () => {
  await browser?.close()
  await wijk?.stop()
})

// readPrinted gives the QR codes on the first sheet of a PDF, printed at so many
// dots an inch.
async function readPrinted(pdf, dpi) {
  const file = path.join(wijk.folder, `sheet-${dpi}`)
  await writeFile(`${file}.pdf`, pdf)
  await run('pdftoppm', ['-r', String(dpi), '-png', '-singlefile', `${file}.pdf`, file])
  const { stdout } = await run('zbarimg', ['--nodbus', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', `${file}.png`])
  return stdout.trim()
}

// refused tells whether a card's code and PIN are refused at the login page.
async function refused(code, pin = PIN) {
  const page = await openPage(browser)
  await page.goto(`${wijk.url}/login`)
  await page.fill('input[name=code]', code)
  await page.fill('input[name=pin]', pin)
  await page.press('input[name=pin]', 'Enter')
  await page.waitForLoadState()
  const here = new URL(page.url()).pathname
  await page.context().close()
  return here === '/login'
}

// press presses keys on the keyboard, one after another, and nothing else.
async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key)
}

// tabTo presses Tab until an element has the focus, as who uses no mouse does.
async function tabTo(page, selector) {
  for (let i = 0; i < 40; i++) {
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never comes to ${selector} on ${page.url()}`)
}

test('a new resident gets a card, by keyboard only', async () => {
  await desk.goto(`${wijk.url}/desk/people/new`)
  await tabTo(desk, 'a[href$="role=resident"]')
  await press(desk, 'Enter')
  await desk.waitForSelector('input[name=name]:focus')
  await desk.keyboard.type('Anna Voorbeeld')
  await press(desk, 'Enter')
  await desk.waitForSelector('button[value=nl]')
  await tabTo(desk, 'button[value=nl]')
  await press(desk, 'Enter')
  await desk.waitForURL(/\/pin$/)
  assert.match(await text(desk, 'main'), /Anna Voorbeeld kiest nu zelf een pincode/)
  await tabTo(desk, 'a[href$="/pin/choose"]')
  await press(desk, 'Enter')
  for (const step of ['choose', 'again']) {
    await desk.waitForURL(new RegExp(`/pin/${step}$`))
    await desk.waitForSelector('#pin:focus')
    assert.doesNotMatch(await text(desk, 'body'), /Anna|Balie/)
    await desk.keyboard.type('4071')
    assert.equal(await desk.locator('#pin').evaluate((field) => field.type), 'password')
    await press(desk, 'Enter')
  }
  await desk.waitForURL(/\/pin\/ready$/)
  await tabTo(desk, 'a[href$="/card"]')
  await press(desk, 'Enter')
  const code = await text(desk, '#logincode')
  await desk.reload()
  assert.equal(await text(desk, '#logincode'), code, 'after a reload')
  assert.equal(await refused(code, '4071'), false)
  await inspect(desk, 'desk-card')
})

test('on a telephone the pad is pressed, and weak or different PINs are told plainly', async () => {
  const volunteer = await wijk.signIn(browser, await wijk.add('desk', 'Balie Twee'), screens.phone)
  let presses = 0
  const tap = async (selector) => {
    presses++
    await volunteer.tap(selector)
  }
  const type = async (pin) => {
    for (const digit of pin) await volunteer.tap(`#pinpad button[data-key="${digit}"]`)
    await volunteer.tap('.pinpage .big')
  }
  await tap('a[href="/desk/people/new"]')
  await tap('a[href$="role=merchant"]')
  await volunteer.fill('input[name=shop]', 'Bakker')
  await volunteer.fill('input[name=address]', 'Voorbeeldstraat 1')
  await volunteer.fill('input[name=name]', 'Bo')
  await photograph(volunteer, 'desk-new-shop')
  await tap('form .big')
  await tap('button[value=en]')
  await tap('a[href$="/pin/choose"]')
  await volunteer.waitForSelector('#pinpad:not([hidden])')
  assert.equal(await volunteer.locator('#pin').evaluate((field) => field.inputMode), 'none', 'the phone brings up no keys of its own')
  await type('1234')
  await volunteer.waitForSelector('#problem')
  assert.match(await text(volunteer, '#problem'), /This PIN cannot be used/)
  forgive(volunteer, /422/)
  await inspect(volunteer, 'desk-pin-weak')
  await type('4071')
  await volunteer.waitForURL(/\/pin\/again$/)
  await type('4072')
  await volunteer.waitForURL(/differ/)
  assert.match(await text(volunteer, '#problem'), /not the same PIN/)
  await type('4071')
  await volunteer.waitForURL(/\/pin\/again$/)
  await type('4071')
  await volunteer.waitForURL(/\/pin\/ready$/)
  await tap('main a.big')
  await volunteer.waitForSelector('#logincode')
  assert.ok(presses <= 6, `the volunteer pressed ${presses} times before the card was there`)
  await volunteer.context().close()
})

test('without scripts a PIN is chosen as well', async () => {
  const plain = await wijk.signIn(browser, await wijk.add('desk', 'Balie Drie'), screens.phone, { javaScriptEnabled: false })
  const { code } = await addPerson(plain, wijk.url, { name: 'Zonder Script' })
  assert.equal(await refused(code), false)
  await plain.context().close()
})

test('the printed card is read again, and has no name on it', async () => {
  const card = await addPerson(desk, wijk.url, { name: 'Voornaam Achternaam' })
  const answer = await desk.request.get(`${card.page}/card.pdf`)
  assert.equal(answer.headers()['content-type'], 'application/pdf')
  const pdf = await answer.body()
  for (const dpi of [100, 300]) {
    const link = await readPrinted(pdf, dpi)
    assert.equal(link.toLowerCase(), `${wijk.url}/c/${card.code.replace('-', '')}`.toLowerCase())
  }
  const { stdout } = await run('pdftotext', [path.join(wijk.folder, 'sheet-300.pdf'), '-'])
  assert.match(stdout, /Voorbeeldwijk/)
  assert.match(stdout, new RegExp(card.code))
  assert.doesNotMatch(stdout, /Voornaam|Achternaam/)
})

test('a lost card dies at once, and the new one works', async () => {
  const card = await addPerson(desk, wijk.url, { name: 'Vergeetal' })
  const phone = await openPage(browser)
  await logIn(phone, wijk.url, card)
  await desk.goto(`${wijk.url}/desk/people`)
  await desk.fill('input[name=q]', 'vergeet')
  await desk.press('input[name=q]', 'Enter')
  await desk.click('.lines a')
  await inspect(desk, 'desk-person')
  await desk.click('form[action$="/lost"] button')
  await desk.waitForURL(/\/lost$/)
  await photograph(desk, 'desk-lost')
  assert.equal(await refused(card.code), true, 'the old card')
  await phone.goto(`${wijk.url}/wallet`)
  assert.match(phone.url(), /\/login/, 'the phone that was signed in with the old card')
  await desk.click('a[href$="/pin"]')
  await desk.click('a[href$="/pin/choose"]')
  await choosePIN(desk, '736914')
  await desk.click('a[href$="/card"]')
  const code = await text(desk, '#logincode')
  assert.notEqual(code, card.code)
  assert.equal(await refused(code), true, 'the new card with the old PIN')
  assert.equal(await refused(code, '736914'), false, 'the new card with the new PIN')
  await phone.context().close()
})

test('who is blocked stands on a list, with why and by whom', async () => {
  const card = await addPerson(desk, wijk.url, { name: 'Pechvogel' })
  await desk.goto(`${card.page}/block`)
  await inspect(desk, 'desk-block')
  await desk.check('input[value=stolen]')
  await desk.fill('input[name=note]', 'tas weg op de markt')
  await desk.click('form .big')
  await desk.goto(`${wijk.url}/desk/people`)
  await desk.click('a[href="/desk/blocked"]')
  assert.match(await text(desk, '.lines'), /Pechvogel Kaart of telefoon gestolen: tas weg op de markt Geblokkeerd op 5 januari 2026 door Balie/)
  await photograph(desk, 'desk-blocked')
})

test('somebody is found while the name is typed, and by the button alone', async () => {
  await addPerson(desk, wijk.url, { name: 'Gülşen Voorbeeld' })
  await desk.goto(`${wijk.url}/desk/people`)
  await desk.fill('#q', 'voorb gulsen')
  await desk.waitForFunction(() => document.querySelectorAll('#found li').length === 1)
  assert.match(await text(desk, '#found'), /Gülşen Voorbeeld/)
  await desk.fill('#q', 'zzz')
  await desk.press('#q', 'Enter')
  await desk.waitForURL(/q=zzz/)
  assert.match(await text(desk, '#found'), /Niemand gevonden/)
})

// A little wijk, invented.
const street = (name, ...coordinates) => ({ type: 'Feature', properties: { kind: 'street', name }, geometry: { type: 'LineString', coordinates } })
const geojson = JSON.stringify({
  type: 'FeatureCollection',
  features: [street('Voorbeeldstraat', [0.001, 0.003], [0.009, 0.003]), street('Modelweg', [0.003, 0.001], [0.003, 0.006])],
})

test('a shop fills in its page, and everybody finds it in both languages', async () => {
  const file = path.join(wijk.folder, 'wijk.geojson')
  await writeFile(file, geojson)
  assert.match(await wijk.command('map', file), /2 streets/) // while it is served
  const card = await addPerson(desk, wijk.url, { name: 'Wil', shop: 'Groenteman', address: 'Modelweg 3' })
  const shop = await openPage(browser, screens.phone)
  await logIn(shop, wijk.url, card)
  await shop.goto(`${wijk.url}/shop/profile`)
  await shop.setInputFiles('#file', path.join(root, 'docs', 'images', 'till.png'))
  await shop.click('#upload button')
  await shop.waitForSelector('.ownpicture')
  await shop.fill('#goods', 'groente en fruit')
  await shop.check('input[value=apple]')
  await shop.fill('#open1', '08:00')
  await shop.fill('#close1', '18:00')
  await shop.click('#profile .big')
  await shop.waitForURL(/done=changed/)
  await inspect(shop, 'shop-profile')
  await shop.click('a[href$="/place"]')
  await shop.locator('#spot').tap({ position: { x: 100, y: 60 } })
  await shop.waitForSelector('.nudge')
  await inspect(shop, 'shop-place')
  await tabTo(shop, 'button[value=east]')
  await press(shop, 'Enter')
  await shop.waitForSelector('.nudge')

  const visitor = await openPage(browser, screens.phone)
  await visitor.goto(`${wijk.url}/login`)
  await visitor.click('a[href="/shops"]')
  const mine = visitor.locator('.shoplist li', { hasText: 'Groenteman' })
  assert.match(await mine.first().innerText(), /groente en fruit\s+Modelweg 3\s+Nu open\s+maandag 08:00 – 18:00/)
  await mine.locator('img').scrollIntoViewIfNeeded() // it is fetched when it comes into sight
  assert.ok((await mine.locator('img').evaluate((img) => img.decode().then(() => img.naturalWidth))) > 100, 'the picture is there')
  assert.equal(await visitor.locator('.wijkmap circle').count(), 1)
  await inspect(visitor, 'shops')
  await visitor.fill('#q', 'fruit')
  await visitor.press('#q', 'Enter')
  assert.equal(await visitor.locator('.shoplist > li').count(), 1)
  await visitor.goto(`${wijk.url}/shops`)
  await visitor.click('form[action="/language"] button')
  await visitor.waitForSelector('html[lang=en]')
  assert.match(await mine.first().innerText(), /Open now\s+Monday 08:00 – 18:00/)
  await photograph(visitor, 'shops-english')
  await visitor.context().close()
  await shop.context().close()
})

test('list, map and poster are printed on A4, and the poster is read again', async () => {
  const page = await openPage(browser, screens.desk)
  await page.goto(`${wijk.url}/shops`)
  await photograph(page, 'shops-list')
  const sheets = await page.pdf({ format: 'A4', preferCSSPageSize: true })
  await writeFile(path.join(wijk.folder, 'shops.pdf'), sheets)
  const { stdout } = await run('pdftotext', ['-layout', path.join(wijk.folder, 'shops.pdf'), '-'])
  for (const words of [/Waar kan ik betalen/, /Groenteman/, /Voorbeeldstraat/]) assert.match(stdout, words)
  assert.doesNotMatch(stdout, /Zoek|Uitloggen/)

  const card = await addPerson(desk, wijk.url, { name: 'Kim', shop: 'Kaaswinkel', address: 'Modelweg 5' })
  await logIn(page, wijk.url, card)
  await page.goto(`${wijk.url}/shop/poster`)
  const typed = (await text(page, '.sheet .codetext')).replace('-', '')
  const poster = await page.pdf({ format: 'A4', preferCSSPageSize: true })
  for (const dpi of [72, 150]) assert.match(await readPrinted(poster, dpi), new RegExp(`/P/${typed}$`))
  await page.context().close()
})
