// A whole week in a wijk, in a real browser: euros come in by a bank statement,
// go from hand to hand through six purses on five days, and become euros again.
// The tests below are the days; each goes on where the one before ended.

import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { after, before, test as nodeTest } from 'node:test'

import { madeUpIBAN, readOrder, reserve } from './bank.mjs'
import { logIn, openBrowser, readQR, screens } from './browser.mjs'
import { addPerson, charge, confirm, inspect, makeWijk, text, typeCode, upload } from './wijk.mjs'

const monday = '2026-01-05'
const days = [monday, '2026-01-06', '2026-01-07', '2026-01-08', '2026-01-09']
const nextMonday = '2026-01-12'
const morning = (day) => `${day}T09:00:00+01:00`

// The shops, in the order in which the money gets to them.
const streets = ['Bakker', 'Groenteman', 'Fietsenmaker', 'Kapper', 'Buurtkeuken'].map((shop, i) => ({
  name: `Eigenaar van ${shop}`, shop, address: `Voorbeeldstraat ${2 * i + 1}`,
}))
const last = streets.at(-1)
last.iban = madeUpIBAN(1005)

let browser, wijk, desk, resident, evaluator
const shops = []
const cards = {}

before(async () => {
  wijk = await makeWijk(morning(monday))
  browser = await openBrowser()
  cards.desk = await wijk.add('desk', 'Balie')
  cards.evaluator = await wijk.add('evaluator', 'Onderzoeker')
  cards.treasurer = await wijk.add('treasurer', 'Penningmeester')
})

after(async () => {
  await browser?.close()
  await wijk?.stop()
})

// test is a part of the week. When one goes wrong, those after it are not lived:
// they could only complain about the same.
let wentWrong
function test(name, live) {
  nodeTest(name, async () => {
    assert.equal(wentWrong, undefined, 'the week ended early')
    wentWrong = name
    await live()
    wentWrong = undefined
  })
}

// everybody is all who have a page open.
const everybody = () => [desk, resident, ...shops]

// sleepUntil stops the server in the evening and starts it another morning.
async function sleepUntil(day) {
  for (const page of everybody()) await page.goto('about:blank') // a till would miss its server
  await wijk.close()
  await wijk.open(morning(day))
}

// stillNeeded reads on a shop's page how much may become euros later, and after
// how many payments.
async function stillNeeded(shop) {
  await shop.goto(`${wijk.url}/shop/euros`)
  const later = await text(shop, '.outlook li:not(.now)')
  const [, amount, payments] = later.match(/^(€ ?[\d.,]+) .*nog (\d+) betaling/) ?? [later]
  return { amount, payments }
}

test('the desk gives everybody a card', async () => {
  desk = await wijk.signIn(browser, cards.desk, screens.desk)
  await inspect(desk, 'desk-people-empty')
  cards.resident = await addPerson(desk, wijk.url, { name: 'Bewoner Een' }, (state) => inspect(desk, `desk-person-${state}`))
  assert.match(cards.resident.reference, /^RF\d{14}$/)
  for (const street of streets) cards[street.shop] = await addPerson(desk, wijk.url, street)
  await inspect(desk, 'desk-person-shop')
  await desk.goto(`${wijk.url}/desk/people?q=bakker`)
  assert.deepEqual(await desk.locator('.lines .who').allInnerTexts(), ['Bakker'])
  await desk.goto(`${wijk.url}/desk/people`)
  await inspect(desk, 'desk-people')
})

test('everybody signs in with their card', async () => {
  resident = await wijk.signIn(browser, cards.resident)
  await inspect(resident, 'wallet-empty')
  for (const { shop } of streets) shops.push(await wijk.signIn(browser, cards[shop]))
  await inspect(shops[0], 'shop-empty')
})

test('a bank statement becomes Grulden, once', async () => {
  const entries = [
    { euros: '50.00', credit: true, name: 'Bewoner Een', iban: madeUpIBAN(2001), reference: cards.resident.reference },
    { euros: '5.00', credit: true, name: 'Bewoner Een', iban: madeUpIBAN(2001), text: 'voor de wijkmunt' },
  ]
  const file = await wijk.write({ id: 'AFSCHRIFT-1', day: monday, entries })
  await desk.goto(`${wijk.url}/desk/bank`)
  await inspect(desk, 'desk-bank-empty')
  assert.match(await upload(desk, wijk.url, file), /^2 nieuwe regels.* 1 keer tegoed opgeladen/)
  await inspect(desk, 'desk-bank')
  await resident.goto(wijk.url)
  assert.match(await text(resident, '#spendable'), /^50,00/)

  assert.match(await upload(desk, wijk.url, file), /^0 nieuwe regels.* 0 keer tegoed opgeladen/)
  await resident.reload()
  assert.match(await text(resident, '#spendable'), /^50,00/)
})

test('money without a reference waits until the desk says whose it is', async () => {
  await desk.goto(`${wijk.url}/desk/bank`)
  await desk.click('.entries a')
  await inspect(desk, 'desk-match')
  await desk.fill('input[name=q]', 'bewoner')
  await desk.press('input[name=q]', 'Enter')
  await desk.click('form[action$="/issue"] button')
  await desk.waitForURL(/\/desk\/bank\?done=issued/)
  assert.equal(await desk.locator('.entries a').count(), 0, 'entries that wait')
  await resident.reload()
  assert.match(await text(resident, '#spendable'), /^55,00/)
  await inspect(resident, 'wallet')
})

test('monday: a resident scans the till, and the till sees the payment at once', async () => {
  const [bakker] = shops
  await bakker.goto(`${wijk.url}/till`)
  await inspect(bakker, 'till-amount')
  const code = await charge(bakker, wijk.url, '20,00')
  await bakker.waitForSelector('[data-live-state=on]')
  await bakker.evaluate(() => (globalThis.unbroken = true))
  await inspect(bakker, 'till-code')
  const link = await readQR(bakker, 'till-qr')
  assert.equal(link, `HTTP://LOCALHOST:${wijk.port}/P/${code.replace('-', '')}`)

  await resident.goto(link)
  assert.equal(await text(resident, '#shop'), 'Bakker')
  assert.match(await text(resident, '#amount'), /^20,00/)
  await inspect(resident, 'pay')
  const page = resident.url()
  await resident.dblclick('#confirm button')
  await resident.waitForURL(/\/receipt\//)
  await bakker.waitForSelector('#paid:not([hidden])', { timeout: 2000 })
  assert.equal(await bakker.evaluate(() => globalThis.unbroken), true, 'the till did not reload')
  await inspect(resident, 'receipt')
  await inspect(bakker, 'till-paid')

  const receipt = resident.url()
  await resident.goto(page)
  assert.equal(resident.url(), receipt, 'the same code leads to the same receipt')
  await resident.goto(`${wijk.url}/history`)
  assert.equal(await resident.locator('.lines a[href^="/receipt/"]').count(), 1, 'payments, after a double click')
  assert.match(await text(resident, '.lead'), / 35,00 /)
  await inspect(resident, 'history')
  assert.deepEqual(await stillNeeded(bakker), { amount: '€ 20,00', payments: '4' })
  await inspect(bakker, 'shop')
})

// A shop pays the next one. The ways differ: the QR code scanned, the code
// typed, the poster at the counter.
for (const [i, way] of [[1, 'types the code'], [2, 'scans the poster'], [3, 'scans the code']]) {
  test(`the next day ${streets[i - 1].shop} ${way} of ${streets[i].shop}`, async () => {
    await sleepUntil(days[i])
    const [payer, payee] = [shops[i - 1], shops[i]]
    if (way === 'scans the poster') {
      await payPoster(payer, payee)
    } else {
      const code = await charge(payee, wijk.url, '20')
      if (way === 'types the code') await typeCode(payer, wijk.url, code)
      else await payer.goto(await readQR(payee, `till-qr-${i}`))
      assert.equal(await text(payer, '#shop'), streets[i].shop)
      await confirm(payer)
      await payee.waitForSelector('#paid:not([hidden])', { timeout: 2000 })
    }
    assert.deepEqual(await stillNeeded(payee), { amount: '€ 20,00', payments: String(4 - i) })
    await payer.goto(`${wijk.url}/shop`)
    assert.match(await text(payer, '.amount.medium'), /^0,00/)
    await payer.goto(`${wijk.url}/shop/euros`)
    assert.equal(await payer.locator('.outlook li:not(.now)').count(), 0, 'nothing is left that may become euros')
  })
}

async function payPoster(payer, payee) {
  await payee.goto(`${wijk.url}/shop/poster`)
  await inspect(payee, 'poster')
  await payee.emulateMedia({ media: 'print' })
  const link = await readQR(payee, 'poster-qr', { fullPage: true })
  await payee.emulateMedia({ media: null })
  await payer.goto(link)
  await inspect(payer, 'pay-amount')
  await payer.fill('input[name=amount]', '20,00')
  await payer.press('input[name=amount]', 'Enter')
  await payer.waitForSelector('#confirm')
  assert.match(await text(payer, '#amount'), /^20,00/)
  await confirm(payer)
}

test('friday: with the fifth new owner the money may become euros, and the shop asks for them', async () => {
  await sleepUntil(days[4])
  const [payer, shop] = shops.slice(-2)
  await shop.goto(`${wijk.url}/shop/euros`)
  assert.equal(await shop.locator('form[action="/shop/euros"]').count(), 0, 'nothing to ask for yet')
  await charge(shop, wijk.url, '20,00')
  await payer.goto(await readQR(shop, 'till-qr-4'))
  await confirm(payer)
  await shop.waitForSelector('#paid:not([hidden])', { timeout: 2000 })

  await shop.goto(`${wijk.url}/shop/euros`)
  assert.match(await text(shop, '.outlook .now'), /€ 20,00/)
  assert.equal(await shop.locator('.outlook li').count(), 1, 'nothing has to wait any longer')
  await inspect(shop, 'euros')
  await shop.click('form[action="/shop/euros"] button')
  await shop.waitForURL(/done=redeemed/)
  assert.match(await text(shop, '.lines'), /€ 20,00/)
  await inspect(shop, 'euros-asked')
})

test('two people look at the shop\'s bank account before euros go there', async () => {
  await logIn(desk, wijk.url, cards.desk) // the desk signs in anew every day
  await desk.goto(`${wijk.url}/desk/redemptions`)
  assert.match(await text(desk, '.payouts .wrong'), /tweede persoon/)
  await desk.click('.payouts a[href$="/account"]')
  await inspect(desk, 'desk-account')
  await desk.fill('input[name=holder]', last.shop)
  await desk.check('details input[value=match]')
  await desk.fill('details input[name=why]', 'de winkel begint')
  await desk.click('form[action$="/account"] button')
  await desk.waitForURL(/desk\/proposals\//)
  assert.equal(await desk.locator('form[action$="/approve"]').count(), 0, 'nobody approves what they asked')
  const treasurer = await wijk.signIn(browser, cards.treasurer, screens.desk)
  await treasurer.goto(desk.url())
  assert.match(await text(treasurer, '.facts'), new RegExp(last.shop))
  await inspect(treasurer, 'proposal-account')
  await treasurer.click('form[action$="/approve"] button')
  await treasurer.waitForSelector('.notice.good')
  await treasurer.close()
})

test('the desk approves, and the bank gets a payment order that fits its schema', async () => {
  await desk.goto(`${wijk.url}/desk/redemptions`)
  assert.match(await text(desk, '.payouts'), /Buurtkeuken .* € 20,00/)
  await inspect(desk, 'desk-redemptions')
  await desk.click('button[form=approve]')
  await desk.waitForURL(/done=approved/)
  await inspect(desk, 'desk-payout-ready')
  const order = await readOrder(await download('#file'))
  await desk.goto(`${wijk.url}/desk/redemptions`)
  await inspect(desk, 'desk-redemptions-approved')
  cards.endToEndId = order.endToEndId
  assert.deepEqual({ ...order, day: '', endToEndId: '' }, {
    count: '1', sum: '20.00', from: reserve.iban, day: '', euros: '20.00', currency: 'EUR',
    iban: last.iban, name: last.shop, endToEndId: '',
  })
  assert.ok(order.day >= days[4], `to be paid on ${order.day}`)
  assert.match(order.endToEndId, /^\w{28}$/)
})

// download clicks on a link and gives the file that comes.
async function download(link) {
  const [file] = await Promise.all([desk.waitForEvent('download'), desk.click(link)])
  const folder = path.join(wijk.folder, 'downloads')
  await mkdir(folder, { recursive: true })
  const to = path.join(folder, file.suggestedFilename())
  await file.saveAs(to)
  return to
}

test('monday: the bank has paid, and the redemption is settled', async () => {
  await sleepUntil(nextMonday)
  await logIn(desk, wijk.url, cards.desk)
  const paid = { euros: '20.00', credit: false, name: last.shop, iban: last.iban, endToEndId: cards.endToEndId, text: 'Grulden' }
  const file = await wijk.write({ id: 'AFSCHRIFT-2', day: nextMonday, opening: '55.00', entries: [paid] })
  assert.match(await upload(desk, wijk.url, file), /^1 nieuwe regel.* 1 uitbetaling/)
  await desk.goto(`${wijk.url}/desk/redemptions`)
  assert.equal(await desk.locator('.payouts').count(), 0, 'nothing waits, at the desk or at the bank')
  await inspect(desk, 'desk-redemptions-settled')
  await desk.goto(`${wijk.url}/desk/reconcile`)
  assert.match(await text(desk, '.notice.good'), /tot op de cent/)
  await inspect(desk, 'desk-reconcile')

  const shop = shops.at(-1)
  await shop.goto(`${wijk.url}/history`)
  assert.match(await text(shop, '.lines'), /uitbetaald.*€ 20,00/)
  await inspect(shop, 'history-settled')
  await shop.goto(`${wijk.url}/shop/euros`)
  assert.equal(await shop.locator('.lines').count(), 0, 'no request waits')
})

test('the evaluator reads what the ledger says, and the ledger proves itself', async () => {
  evaluator = await wijk.signIn(browser, cards.evaluator, screens.desk)
  await inspect(evaluator, 'report')
  await evaluator.goto(`${wijk.url}/report/figures`)
  const shown = async (label) => text(evaluator, `tr:has(th:text-is("${label}")) td b`)
  const page = { volume: await shown('Betaald'), payments: await shown('Aantal betalingen'), issued: await shown('Nieuw gemaakt') }
  assert.deepEqual(page, { volume: '100,00', payments: '5', issued: '55,00' })

  await wijk.close()
  const { figures } = JSON.parse(await wijk.command('report', '--json', '--to', nextMonday))
  assert.equal(figures.volume.value, 100)
  assert.equal(figures.payments.value, 5)
  assert.equal(figures.issued.value, 55)
  assert.equal(figures.redeemed.value, 20)
  for (let hop = 1; hop <= 5; hop++) assert.equal(figures[`volume_hop_${hop}`].value, 20)
  assert.match(await wijk.command('verify'), /without a gap/)
})
