// Helping: somebody asks a neighbour to pay for them, up to an amount a day.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openBrowser, openPage, photograph, readQR, screens } from './browser.mjs'
import { addPerson, charge, confirm, inspect, makeWijk, PIN, text, typeCode } from './wijk.mjs'

let browser, wijk
const cards = {}

before(async () => {
  wijk = await makeWijk('2026-01-05T12:00:00+01:00')
  browser = await openBrowser()
  const desk = await wijk.signIn(browser, await wijk.add('desk', 'Balie'), screens.desk)
  cards.owner = await addPerson(desk, wijk.url, { name: 'Bewoner Een' })
  cards.shop = await addPerson(desk, wijk.url, { name: 'Eigenaar', shop: 'Bakker', address: 'Voorbeeldstraat 1' })
  await wijk.topUp([cards.owner], '80.00')
  await desk.context().close()
})

after(async () => {
  await browser?.close()
  await wijk?.stop()
})

test('somebody asks a helper, who scans, pays within the limit, and is stopped', async () => {
  const owner = await wijk.signIn(browser, cards.owner)
  await owner.click('footer a[href="/helpers"]')
  await owner.waitForURL(/\/helpers$/)
  await owner.click('details summary')
  await owner.fill('#name', 'Buurvrouw')
  await owner.fill('#limit', '20')
  await owner.fill('#pin', cards.owner.pin)
  await owner.click('form[action="/helpers"] button')
  await owner.waitForSelector('.invited')
  await inspect(owner, 'helpers-invited')
  await owner.locator('.invited .qr').scrollIntoViewIfNeeded()
  const link = await readQR(owner, 'invitation', { fullPage: true })
  assert.equal(link, (await text(owner, '.invitelink')).toUpperCase())

  // As the camera app of somebody without a card opens it.
  const helper = await openPage(browser)
  await helper.goto(wijk.url + new URL(link).pathname)
  assert.match(await text(helper, 'h1'), /Wilt u Bewoner Een helpen/)
  await inspect(helper, 'invite-newcomer')
  await helper.fill('#name', 'Helper Een')
  await helper.fill('#pin', PIN)
  await helper.fill('#pin2', PIN)
  await helper.click('form[action$="/new"] button')
  const code = await text(helper, '#logincode')
  await inspect(helper, 'newlogin')
  await helper.click('a[href="/helping"]')
  assert.match(await text(helper, 'main'), /U betaalt voor Bewoner Een.*20,00/)
  await inspect(helper, 'helping')

  const shop = await wijk.signIn(browser, cards.shop)
  await typeCode(helper, wijk.url, await charge(shop, wijk.url, '12,50'))
  assert.match(await text(helper, '.notice.for'), /U betaalt voor Bewoner Een/)
  await inspect(helper, 'pay-helper')
  await confirm(helper)
  await photograph(helper, 'receipt-helper')
  await shop.waitForSelector('#paid:not([hidden])')

  await typeCode(helper, wijk.url, await charge(shop, wijk.url, '7,51'))
  assert.match(await text(helper, '#problem'), /7,50/)
  assert.equal(await helper.locator('#confirm').count(), 0, 'no button beyond the limit')

  await owner.goto(`${wijk.url}/helpers`)
  assert.match(await text(owner, 'main'), /Vandaag gebruikt: 12,50/)
  assert.match(await text(owner, '.lines'), /Bakker.*door Buurvrouw.*12,50/)
  await inspect(owner, 'helpers')
  await owner.click('form[action="/helpers/stop"] button')
  await owner.waitForURL(/done=helpstopped/)
  await helper.goto(`${wijk.url}/helping`)
  assert.match(await text(helper, 'main'), /U helpt nu niemand/)
  await inspect(helper, 'helping-nobody')

  const later = await wijk.signIn(browser, { code, pin: PIN })
  assert.equal(new URL(later.url()).pathname, '/helping')
  for (const page of [owner, helper, shop, later]) await page.context().close()
})

test('a shop gives somebody a login who charges and sees no more than that', async () => {
  const owner = await wijk.signIn(browser, cards.shop, screens.desk)
  await owner.click('footer a[href="/shop/staff"]')
  await owner.waitForURL(/\/shop\/staff$/)
  await owner.locator('details summary').last().click()
  await owner.fill('#name', 'Medewerker Een')
  await owner.fill('#pin', PIN)
  await owner.fill('#pin2', PIN)
  await owner.click('form[action="/shop/staff"] button')
  const code = await text(owner, '#logincode')
  await owner.goto(`${wijk.url}/shop/staff`)
  await inspect(owner, 'staff')

  const cashier = await wijk.signIn(browser, { code, pin: PIN })
  assert.equal(new URL(cashier.url()).pathname, '/till')
  await inspect(cashier, 'till-cashier')
  const asked = await charge(cashier, wijk.url, '3,00')
  const payer = await wijk.signIn(browser, cards.owner)
  await typeCode(payer, wijk.url, asked)
  await confirm(payer)
  await cashier.waitForSelector('#paid:not([hidden])')

  await owner.locator('details summary').nth(1).click()
  await owner.click('form[action$="/remove"] button')
  await owner.waitForURL(/done=staffgone/)
  await cashier.goto(`${wijk.url}/till`)
  assert.equal(new URL(cashier.url()).pathname, '/login', 'out at once')
  for (const page of [owner, cashier, payer]) await page.context().close()
})
