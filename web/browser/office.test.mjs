// A day in the office of the sample wijk, by two people and those whom it
// concerns: cash, the bank's statement, what one asks and another approves, and
// what people are told of it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { attended, openBrowser, openPage, screens } from './browser.mjs'
import { startDemo } from './program.mjs'
import { forgive, inspect, text, upload } from './wijk.mjs'

let browser, demo, desk, one, two, resident

before(async () => {
  demo = await startDemo()
  browser = await openBrowser()
  desk = await follow('desk')
  one = await follow('treasurer')
  two = await follow('treasurer2')
  resident = await follow('resident', screens.phone, { serviceWorkers: 'allow', permissions: ['notifications'] })
})

after(async () => {
  await browser?.close()
  await demo?.stop()
})

// follow signs in by the link that the demo printed.
async function follow(name, screen = screens.desk, more = {}) {
  const page = await openPage(browser, screen, more)
  await page.goto(demo.links[name])
  await page.fill('input[name=pin]', demo.pin)
  await Promise.all([page.waitForURL((to) => to.pathname !== '/login'), page.press('input[name=pin]', 'Enter')])
  return page
}

const go = (page, path) => page.goto(new URL(path, demo.url).href)

test('everybody can see that there is a euro for each Grulden', async () => {
  const stranger = await openPage(browser)
  await go(stranger, '/reserve')
  assert.match(await text(stranger, '.cover'), /Voor elke Grulden is er een euro/)
  await inspect(stranger, 'office-reserve')
})

test('the desk takes in cash against a receipt, and the box says what should be in it', async () => {
  await go(desk, '/desk/cash/take?q=Bewoner+20')
  await desk.click('.lines a')
  await desk.fill('input[name=amount]', '25,00')
  await desk.check('input[name=counted]')
  await desk.click('form[action="/desk/cash/take"] .big')
  assert.match(await text(desk, '.notice.good'), /Bewoner 20.*25,00/)
  assert.match(await text(desk, '.slip'), /25,00/)
  await inspect(desk, 'office-receipt')
  await go(desk, '/desk/cash')
  assert.match(await text(desk, '.cashnow'), /70,00/)
  await inspect(desk, 'office-cash')
})

test('what the bank took is no secret: one treasurer calls it costs, the other looks', async () => {
  assert.match(await upload(desk, demo.url, demo.statement), /5 keer tegoed opgeladen/)
  await go(one, '/desk/reconcile')
  assert.match(await text(one, '.notice.good'), /tot op de cent/)
  await one.click('button:has-text("Dit zijn bankkosten")')
  await one.waitForURL(/\/desk\/proposals\//)
  assert.equal(await one.locator('form[action$="/approve"]').count(), 0, 'nobody approves what they asked')
  await two.goto(one.url())
  await inspect(two, 'office-costs')
  await two.click('form[action$="/approve"] button')
  await two.waitForSelector('.notice.good')
  await go(one, '/desk/reconcile')
  assert.match(await text(one, '.notice.good'), /tot op de cent/)
})

test('what waits is approved by the other treasurer only', async () => {
  const purpose = 'a:has-text("doel van het wijkfonds")'
  await go(one, '/desk/proposals')
  await inspect(one, 'office-proposals')
  await one.click(purpose)
  assert.equal(await one.locator('form[action$="/approve"]').count(), 0)
  await go(two, '/desk/proposals')
  await two.click(purpose)
  assert.match(await text(two, '.facts'), /geldzorgen/)
  await two.click('form[action$="/approve"] button')
  await two.waitForSelector('.notice.good')
})

test('a payment file holds the shops that wait, and adds up', async () => {
  await go(desk, '/desk/redemptions')
  const cents = (amount) => Number(amount.replace(/\D/g, ''))
  const asked = await desk.locator('.payouts li:has([form=approve]) .sum').allInnerTexts()
  assert.ok(asked.length > 1, `${asked.length} shops want euros`)
  await desk.click('button[form=approve]')
  await desk.waitForURL(/\/desk\/payouts\//)
  assert.equal(cents(await text(desk, '.amount b')), asked.reduce((sum, amount) => sum + cents(amount), 0))
  await inspect(desk, 'office-payout')
})

test('a resident who is blocked reads it at once, and is no letter then', async () => {
  await go(desk, '/desk/people?q=Bewoner+1')
  await desk.locator('.lines a:has(.who:text-is("Bewoner 1"))').click()
  await desk.click('a[href$="/block"]')
  await desk.check('input[value=stolen]')
  await desk.click('form[action$="/block"] button')
  await desk.waitForURL((to) => !to.pathname.endsWith('/block'))
  await go(desk, '/desk/letters')
  for (let i = 0; i < 20 && !(await desk.locator('main', { hasText: 'Bewoner 1' }).count()); i++) {
    await desk.waitForTimeout(500) // the server looks every five seconds
    await desk.reload()
  }
  assert.match(await text(desk, 'main'), /Bewoner 1/)
  await inspect(desk, 'office-letters')
  await go(resident, '/wallet')
  assert.match(await text(resident, '.notice'), /nieuwe? bericht/)
  await resident.click('.notice a[href="/notices"]')
  assert.match(await text(resident, '.notices'), /U kunt nu niet betalen/)
  await inspect(resident, 'office-notices')
  await desk.reload()
  assert.doesNotMatch(await text(desk, 'main'), /Bewoner 1\b/)
})

test('a phone shows what its owner is told, without a name or an amount', async () => {
  await attended(resident)
  const devtools = await resident.context().newCDPSession(resident)
  const known = new Promise((resolve) => devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => registrations[0] && resolve(registrations[0])))
  await devtools.send('ServiceWorker.enable')
  const { registrationId } = await known
  const data = JSON.stringify({ title: 'U kunt weer betalen', lang: 'nl', tag: '1' })
  await devtools.send('ServiceWorker.deliverPushMessage', { origin: demo.url, registrationId, data })
  await resident.waitForFunction(async () => {
    const [shown] = await (await navigator.serviceWorker.ready).getNotifications()
    return shown?.title === 'U kunt weer betalen' && shown.body === ''
  })
  await go(resident, '/notices/how')
  assert.equal(await resident.isVisible('#tellhere button'), true, 'this browser can be told')
  forgive(resident, /push/i)
  await inspect(resident, 'office-how')
})
