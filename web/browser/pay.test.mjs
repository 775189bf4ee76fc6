// Paying when things are not as they should be: no JavaScript, another
// language, a line that breaks, a code that is used up or too old.

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'

import { openBrowser, openPage, photograph, screens } from './browser.mjs'
import { addPerson, charge, confirm, forgive, inspect, makeWijk, text, typeCode } from './wijk.mjs'

const noon = '2026-01-05T12:00:00+01:00'
const tooLate = '2026-01-05T12:30:00+01:00' // codes work for ten minutes

let browser, wijk
const cards = {}

before(async () => {
  wijk = await makeWijk(noon)
  browser = await openBrowser()
  const desk = await wijk.signIn(browser, (cards.desk = await wijk.add('desk', 'Balie')), screens.desk)
  for (const name of ['Bewoner Een', 'Bewoner Twee']) cards[name] = await addPerson(desk, wijk.url, { name })
  cards.shop = await addPerson(desk, wijk.url, { name: 'Eigenaar', shop: 'Bakker', address: 'Voorbeeldstraat 1' })
  await wijk.topUp([cards['Bewoner Een'], cards['Bewoner Twee']], '40.00')
  await desk.context().close()
})

after(async () => {
  await browser?.close()
  await wijk?.stop()
})

// Every test begins with new pages of a shop and a resident who are signed in.
let shop, resident
beforeEach(async () => {
  for (const context of browser.contexts()) await context.close()
  shop = await open(cards.shop)
  resident = await open(cards['Bewoner Een'])
})

// open gives a new page of somebody who signed in, now or in an earlier test.
async function open(card) {
  const page = card.session ? await openPage(browser, screens.phone, { storageState: card.session }) : await wijk.signIn(browser, card)
  card.session ??= await page.context().storageState()
  await page.goto(wijk.url)
  return page
}

const linkOf = (code) => `${wijk.url}/P/${code.replace('-', '')}`
const paid = (page, timeout = 2000) => page.waitForSelector('#paid:not([hidden])', { timeout })

test('everything can be done without JavaScript', async () => {
  const without = { javaScriptEnabled: false }
  const till = await wijk.signIn(browser, cards.shop, screens.phone, without)
  const payer = await openPage(browser, screens.phone, without)
  const code = await charge(till, wijk.url, '2,50')
  assert.equal(await till.locator('.live .off').isVisible(), false, 'no word of a connection that is not sought')
  await photograph(till, 'till-code-without-script')

  await payer.goto(linkOf(code)) // as the camera app opens it, not signed in yet
  await payer.fill('input[name=code]', cards['Bewoner Een'].code)
  await payer.fill('input[name=pin]', cards['Bewoner Een'].pin)
  await payer.press('input[name=pin]', 'Enter')
  await payer.waitForSelector('#confirm')
  assert.match(await text(payer, '#amount'), /^2,50/)
  await confirm(payer)
  await paid(till, 8000) // the page asks again every few seconds
  assert.match(await text(till, '#paid'), /BETAALD 2,50/)
  await photograph(till, 'till-paid-without-script')
})

test('a resident can choose English, before and after signing in', async () => {
  const page = await openPage(browser)
  await page.goto(`${wijk.url}/login`)
  await inspect(page, 'login')
  await page.click('form[action="/language"] button')
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
  await inspect(page, 'login-english')
  await resident.click('form[action="/language"] button')
  assert.equal(await resident.getAttribute('html', 'lang'), 'en')
  assert.match(await text(resident, '#spendable'), /^\d+\.\d\d Grulden$/)
  await inspect(resident, 'wallet-english')

  const code = await charge(shop, wijk.url, '3,00')
  await typeCode(resident, wijk.url, code)
  assert.match(await text(resident, '#confirm button'), /pay 3\.00/i)
  await inspect(resident, 'pay-english')
  await confirm(resident)
  assert.match(await text(resident, 'h1'), /^Paid/)
  await paid(shop)
  assert.match(await text(shop, '#paid'), /BETAALD 3,00/, 'the shop keeps its own language')
  await resident.click('form[action="/language"] button')
  assert.equal(await resident.getAttribute('html', 'lang'), 'nl')
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

const tones = (page) => page.evaluate(() => globalThis.tones)

test('a till sounds when it is paid', async () => {
  await shop.addInitScript(countTones)
  const code = await charge(shop, wijk.url, '1,00')
  await shop.waitForSelector('[data-live-state=on]')
  await resident.goto(linkOf(code))
  await confirm(resident)
  await paid(shop)
  assert.equal(await tones(shop), 3, 'a chime, because somebody typed the amount here')
})

test('a till that nobody touched yet offers sound', async () => {
  const code = await charge(shop, wijk.url, '1,00')
  const till = await open(cards.shop)
  await till.addInitScript(countTones)
  await till.goto(`${wijk.url}/till/${code.replace('-', '')}`)
  await till.waitForSelector('[data-live-state=on]')
  await till.click('#sound')
  await till.waitForSelector('#sound', { state: 'hidden' })
  assert.equal(await tones(till), 3, 'a chime to hear that it works')
  await resident.goto(linkOf(code))
  await confirm(resident)
  await paid(till)
  assert.equal(await tones(till), 6)
})

test('a till that lost its line hears afterwards what it missed', async () => {
  const code = await charge(shop, wijk.url, '1,00')
  await shop.waitForSelector('[data-live-state=on]')
  await shop.context().setOffline(true)
  await wijk.close()
  await shop.waitForSelector('[data-live-state=off]')
  await wijk.open(noon.replace('12:00', '12:05'))
  await resident.goto(linkOf(code))
  await confirm(resident)
  assert.equal(await shop.locator('#paid').isVisible(), false, 'nothing is heard without a line')
  await shop.context().setOffline(false)
  await paid(shop)
})

test('of two residents with one code, one pays', async () => {
  const code = await charge(shop, wijk.url, '4,00')
  const other = await open(cards['Bewoner Twee'])
  await other.goto(linkOf(code))
  await resident.goto(linkOf(code))
  await Promise.all([resident.click('#confirm button'), other.click('#confirm button')])
  await Promise.all([resident, other].map((page) => Promise.any([page.waitForURL(/\/receipt\//), page.waitForSelector('#notpaid:not([hidden])')])))
  const [winner, loser] = /receipt/.test(resident.url()) ? [resident, other] : [other, resident]
  assert.match(winner.url(), /\/receipt\//)
  assert.doesNotMatch(loser.url(), /\/receipt\//)
  assert.match(await text(loser, '#notpaid'), /Niet betaald/)
  forgive(loser, / 409 /)
  await loser.goto(linkOf(code))
  assert.equal(await loser.locator('#confirm').count(), 0, 'no button to pay with')
  forgive(loser, / 409 /)
  await inspect(loser, 'pay-taken')
  await shop.goto(`${wijk.url}/history`)
  assert.equal(await shop.locator('.lines .sum', { hasText: '+4,00' }).count(), 1)
})

test('who has too little, or a code that is no code, is told so in words', async () => {
  const code = await charge(shop, wijk.url, '999,00')
  await resident.goto(linkOf(code))
  assert.equal(await resident.locator('#confirm').count(), 0, 'no button to pay with')
  await inspect(resident, 'pay-short')
  await resident.goto(`${wijk.url}/pay`)
  await inspect(resident, 'pay-code')
  await resident.fill('input[name=code]', 'BAKKER')
  await resident.press('input[name=code]', 'Enter')
  await resident.waitForSelector('#problem')
  forgive(resident, / 422 /)
  await inspect(resident, 'pay-code-wrong')
  await resident.goto(`${wijk.url}/nergens`)
  forgive(resident, / 404 /)
  await inspect(resident, 'nowhere')
})

test('the desk that scans a code is told that it cannot pay', async () => {
  const desk = await open(cards.desk)
  await desk.goto(linkOf(await charge(shop, wijk.url, '1,00')))
  forgive(desk, / 403 /)
  await inspect(desk, 'pay-desk')
})

test('a code that is too old pays nothing, and the till says so', async () => {
  const code = await charge(shop, wijk.url, '1,00')
  const till = shop.url()
  await resident.goto(linkOf(code)) // the page stays open, and the button is pressed much later
  await shop.goto('about:blank')
  await wijk.close()
  await wijk.open(tooLate)
  await resident.click('#confirm button')
  await resident.waitForSelector('#notpaid:not([hidden])')
  assert.match(await text(resident, '#notpaid'), /Niet betaald.*Deze code is te oud/)
  forgive(resident, / 410 /)
  await inspect(resident, 'pay-not-paid')
  await resident.click('#again')
  await resident.waitForSelector('#problem')
  assert.equal(await resident.locator('#confirm').count(), 0, 'no button to try again with')
  forgive(resident, / 410 /)
  await inspect(resident, 'pay-expired')
  await shop.goto(till)
  await inspect(shop, 'till-expired')
})
