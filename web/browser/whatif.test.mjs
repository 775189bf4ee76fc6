// Somebody wonders whether other rules would be better: an evaluator, on a
// telephone and at a desk, in the sample wijk.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openBrowser, openPage, screens } from './browser.mjs'
import { startDemo } from './program.mjs'
import { forgive, inspect, text } from './wijk.mjs'

let browser, demo

before(async () => {
  demo = await startDemo()
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('an evaluator sets other rules beside those of today', async () => {
  const page = await openPage(browser, screens.phone)
  await page.goto(demo.links.evaluator)
  await page.fill('input[name=pin]', demo.pin)
  await Promise.all([page.waitForURL((to) => to.pathname !== '/login'), page.press('input[name=pin]', 'Enter')])
  await Promise.all([page.waitForURL('**/whatif'), page.click('.own a[href="/whatif"]')])
  await inspect(page, 'whatif-form')

  await page.check('input[value=newest]')
  await Promise.all([page.waitForURL('**/whatif/seen?*'), page.click('form button.big')])
  assert.match(await text(page, '.lead'), /^Stel: deze regels golden al van/)
  assert.match(await text(page, '.caveats'), /Echte mensen doen iets anders/)
  assert.equal(await page.locator('.scenarios section').count(), 3)
  assert.match(await text(page, 'main'), /Bewoners die weinig betaalden en kregen \(\d\d\)/)
  await inspect(page, 'whatif-history')
  await page.setViewportSize(screens.desk.viewport)
  await inspect(page, 'whatif-history-desk')

  await Promise.all([page.waitForURL('**/whatif?*'), page.click('button[value=form]')]) // what was chosen is chosen still
  assert.ok(await page.isChecked('input[value=newest]'))
  await page.goto(new URL('/whatif?start=young#model', demo.url).href)
  await page.fill('#modeltext', '{"days": "veel"}')
  await Promise.all([page.waitForURL('**/whatif/seen'), page.click('form button.big')])
  assert.match(await text(page, '[role=alert]'), /days: schrijf een heel getal/)
  forgive(page, / 422 /)
  await page.fill('#modeltext', '{"days_before": 20, "days": 60}')
  await page.check('input[name=worlds][value="10"]')
  await Promise.all([page.waitForURL('**/whatif/seen'), page.click('form button.big')])
  assert.match(await text(page, '.caveats'), /Deze wijk is verzonnen.*leefde 10 keer/s)
  assert.match(await text(page, '.assumed'), /Niets hiervan is gemeten/)
  await inspect(page, 'whatif-model-desk')
  await page.setViewportSize(screens.phone.viewport)
  await inspect(page, 'whatif-model')
})
