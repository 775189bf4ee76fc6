// A resident's wallet besides paying: receiving, asking by link, sharing an
// amount, giving back, payments that come again, and the month on paper.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openBrowser, readQR, screens } from './browser.mjs'
import { addPerson, confirm, inspect, makeWijk, PIN, text } from './wijk.mjs'

const noon = '2026-01-05T12:00:00+01:00'

let browser, wijk
const cards = {}
const pages = {}

before(async () => {
  wijk = await makeWijk(noon)
  browser = await openBrowser()
  const desk = await wijk.signIn(browser, await wijk.add('desk', 'Balie'), screens.desk)
  for (const name of ['Bewoner Een', 'Bewoner Twee', 'Bewoner Drie']) cards[name] = await addPerson(desk, wijk.url, { name })
  cards.garden = await addPerson(desk, wijk.url, { name: 'Eigenaar', shop: 'Volkstuin', address: 'Voorbeeldstraat 1' })
  await wijk.topUp([cards['Bewoner Twee'], cards['Bewoner Drie']], '40.00')
  await desk.context().close()
  pages.asker = await wijk.signIn(browser, cards['Bewoner Een'])
  pages.second = await wijk.signIn(browser, cards['Bewoner Twee'])
  pages.third = await wijk.signIn(browser, cards['Bewoner Drie'])
})

after(async () => {
  await browser?.close()
  await wijk?.stop()
})

const go = (page, path) => page.goto(new URL(path, wijk.url).href)
const has = (page) => text(page, '#spendable')

// submit presses the one large button of a form and waits for what comes.
async function submit(page, form) {
  await Promise.all([page.waitForNavigation(), page.click(`${form} button.big`)])
}

test('the wallet says what there is, what to do about it, and where to press', async () => {
  await go(pages.second, '/wallet')
  assert.match(await has(pages.second), /^40,00/)
  assert.match(await text(pages.second, '.melt'), /Geef vóór 5 februari 40,00 Grulden uit, dan gaat er die dag niets af/)
  assert.deepEqual(await pages.second.locator('.twobig a').allInnerTexts(), ['Betalen', 'Ontvangen'])
  await inspect(pages.second, 'wallet-full')
})

test('somebody scans a resident’s own code and fills in the amount', async () => {
  const { asker, second } = pages
  await go(asker, '/receive')
  await asker.click('summary:has-text("Welke naam")')
  await asker.fill('input[name=name]', 'Fatima')
  await asker.press('input[name=name]', 'Enter')
  await asker.waitForSelector('.notice.good')
  assert.match(await text(asker, '.ownname'), /Fatima, bewoner/)
  await inspect(asker, 'receive')
  const link = new URL(await readQR(asker, 'receive-qr', { fullPage: true }))
  await go(second, link.pathname)
  assert.match(await text(second, '#shop'), /Fatima, bewoner/)
  await second.fill('input[name=amount]', '4,50')
  await second.press('input[name=amount]', 'Enter')
  await confirm(second)
  await inspect(second, 'receipt-resident')
  await go(asker, '/wallet')
  assert.match(await has(asker), /^4,50/)
})

test('an amount on the screen becomes paid by itself', async () => {
  const { asker, third } = pages
  await go(asker, '/receive/amount')
  await inspect(asker, 'receive-amount')
  await asker.fill('#amount', '2,00')
  await submit(asker, 'form.till')
  await asker.waitForSelector('[data-live-state=on]')
  const link = new URL(await readQR(asker, 'receiving-qr', { fullPage: true }))
  await go(third, link.pathname)
  await confirm(third)
  await asker.waitForSelector('#paid:not([hidden])', { timeout: 3000 })
  assert.match(await text(asker, '#paid'), /BETAALD 2,00/)
  await inspect(asker, 'receiving-paid')
})

test('three people share an amount by a link', async () => {
  const { asker, second, third } = pages
  await go(asker, '/ask/new?split=1')
  await inspect(asker, 'ask-split')
  await asker.fill('#amount', '10,00')
  await asker.fill('#people', '3')
  await asker.fill('#text', 'Soep')
  await submit(asker, 'main form.stack')
  assert.match(await text(asker, 'main'), /Ieder betaalt 3,33. Uw eigen deel is 3,34/)
  await asker.click('#copy')
  await asker.waitForSelector('#copied:not([hidden])')
  await inspect(asker, 'asked')
  const mine = asker.url()
  const link = new URL(await readQR(asker, 'asked-qr', { fullPage: true }))
  for (const page of [second, third]) {
    await go(page, link.pathname)
    assert.match(await text(page, 'main'), /Soep/)
    await confirm(page)
    await go(page, link.pathname)
    assert.match(page.url(), /receipt/, 'opening it again shows that it is paid')
  }
  await asker.goto(mine)
  assert.match(await text(asker, '.count'), /2 van de 2 betaald/)
  await inspect(asker, 'asked-all')
  await go(asker, '/wallet')
  assert.match(await has(asker), /^13,16/)
})

test('a wrong payment comes back when both agree', async () => {
  const { asker, second } = pages
  await go(second, '/history')
  await second.click('a:has-text("−4,50")')
  await second.click('a:has-text("Verkeerd betaald")')
  await inspect(second, 'ask-back')
  await second.click('label:has-text("Verkeerd bedrag")')
  await submit(second, 'main form')
  assert.equal(await second.getAttribute('#returnstate', 'data-state'), 'open')
  await go(asker, '/wallet')
  await inspect(asker, 'wallet-return')
  await asker.click('.notice a:not([href="/notices"])')
  await inspect(asker, 'return')
  await Promise.all([asker.waitForNavigation(), asker.click('button:has-text("Ja, goed")')])
  assert.equal(await asker.getAttribute('#returnstate', 'data-state'), 'agreed')
  await second.reload()
  assert.match(await text(second, '#returnstate'), /U hebt het geld terug/)
})

test('a regular payment goes by itself, is skipped once, and stops', async () => {
  const { third } = pages
  const garden = await wijk.signIn(browser, cards.garden)
  await go(garden, '/shop/poster')
  const code = (await text(garden, '.codetext')).trim()
  await go(third, '/standing')
  await inspect(third, 'standing-none')
  await go(third, '/standing/new')
  await third.fill('#code', code)
  await third.press('#code', 'Enter')
  await third.waitForSelector('#standing')
  await third.fill('#amount', '2,50')
  await third.fill('#first', '2026-01-14')
  await third.fill('#text', 'Huur van de tuin')
  await inspect(third, 'standing-new')
  await submit(third, '#standing')
  await inspect(third, 'standing-confirm')
  await third.fill('#pin', PIN)
  await submit(third, '#mandate')
  assert.match(await text(third, '.standing'), /Volkstuin 2,50 elke week op woensdag/)
  await inspect(third, 'standing')
  const takings = async (now, want) => {
    await wijk.close()
    await wijk.open(now)
    await go(garden, '/history')
    for (let tries = 0; tries < 20 && (await garden.locator('.lines li').count()) < want; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200)) // what is due is paid beside serving pages
      await garden.reload()
    }
    assert.equal(await garden.locator('.lines li').count(), want, `payments by ${now}`)
    await go(third, '/wallet')
  }
  await takings('2026-01-13T12:00:00+01:00', 0)
  assert.match((await third.locator('.notice').allInnerTexts()).join(' ').replace(/\s+/g, ' '), /Op 14 januari betaalt u 2,50 aan Volkstuin/)
  await inspect(third, 'wallet-notice')
  await takings('2026-01-14T06:00:00+01:00', 1)
  await takings('2026-01-14T18:00:00+01:00', 1)
  await takings('2026-01-28T12:00:00+01:00', 3)
  await go(third, '/standing')
  await third.click('.standing button:has-text("Sla één keer over")')
  await third.waitForSelector('.notice.good')
  await takings('2026-02-05T12:00:00+01:00', 3)
  await go(third, '/standing')
  await third.click('.standing .stop')
  await third.waitForSelector('.notice.good')
  await takings('2026-03-01T12:00:00+01:00', 3)
  await garden.context().close()
})

test('a month is on paper, to the cent', async () => {
  const { third } = pages
  await go(third, '/statement?month=2026-01')
  await inspect(third, 'statement')
  const rows = await third.locator('.statement tbody td.num').allInnerTexts()
  const cents = (amount) => Number(amount.trim().replace('−', '-').replace(/[.,]/g, ''))
  const [opening, ...rest] = rows.map(cents)
  const closing = rest.pop()
  assert.equal(opening + rest.reduce((sum, line) => sum + line, 0), closing)
  await third.emulateMedia({ media: 'print' })
  assert.equal(await third.isVisible('.places'), false, 'the sheet has no buttons')
  assert.equal(await third.isVisible('.statement'), true)
  assert.ok((await third.pdf()).length > 5000)
  await third.emulateMedia({ media: null })
  await third.click('a:has-text("Maand erna")')
  assert.match(await text(third, 'h1'), /februari 2026/)
})
