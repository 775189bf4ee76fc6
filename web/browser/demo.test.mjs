// The sample wijk starts, its links open a page for everybody, and it can be
// lived in.

import assert from 'node:assert/strict'
import path from 'node:path'
import { after, before, test } from 'node:test'

import { openBrowser, openPage, screens } from './browser.mjs'
import { grulden, startDemo } from './program.mjs'
import { charge, confirm, inspect, text, upload } from './wijk.mjs'

let browser, demo

before(async () => {
  demo = await startDemo()
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await demo?.stop()
})

// follow opens the link that the demo printed for a role, in a browser of its
// own, and signs in with the PIN that it printed.
async function follow(role, screen) {
  const page = await openPage(browser, screen)
  await page.goto(demo.links[role])
  assert.match(await page.inputValue('input[name=code]'), /^\w{5}-\w{5}$/, 'the code is filled in')
  await page.fill('input[name=pin]', demo.pin)
  await Promise.all([page.waitForURL((to) => to.pathname !== '/login'), page.press('input[name=pin]', 'Enter')])
  return page
}

for (const role of ['resident', 'shop', 'desk', 'evaluator']) {
  test(`the link of the ${role} opens a page with something on it`, async () => {
    const page = await follow(role)
    await inspect(page, `demo-${role}`)
    assert.ok((await page.locator('.lines > li, .facts > li').count()) > 4, 'a history, or an answer')
  })
}

test('a resident of the sample wijk pays a shop', async () => {
  const [shop, resident] = [await follow('shop', screens.desk), await follow('resident')]
  const code = await charge(shop, demo.url, '0,50')
  await resident.goto(`${demo.url}/P/${code.replace('-', '')}`)
  await confirm(resident)
  await shop.waitForSelector('#paid:not([hidden])', { timeout: 2000 })
})

test('the desk takes in the bank statement of the sample wijk', async () => {
  const desk = await follow('desk', screens.desk)
  assert.match(await upload(desk, demo.url, demo.statement), /5 keer tegoed opgeladen/)
  await inspect(desk, 'demo-bank')
  assert.match(await text(desk, '.entries'), /voor de wijkmunt/)
})

test('the report of half a year has figures, in either language', async () => {
  const page = await follow('evaluator', screens.desk)
  await page.goto(`${demo.url}/report/figures`)
  const payments = Number((await text(page, 'tr:has(th:text-is("Aantal betalingen")) td b')).replace('.', ''))
  assert.ok(payments > 1000, `${payments} payments`)
  await page.click('form[action="/language"] button')
  assert.equal(Number((await text(page, 'tr:has(th:text-is("Number of payments")) td b')).replace(',', '')), payments)
  await inspect(page, 'demo-report-english')
})

test('what the demo prints leads an evaluator to the answer, and to doubting it', async () => {
  const [, everybody] = (await demo.line(/everybody may know is at/)).match(/(http\S+): /)
  const [, propose] = (await demo.line(/evaluator proposes/)).match(/(http\S+)/)
  const [, data] = (await demo.line(/^Doubt it: /)).match(/--data (\S+) --verify/)
  const page = await follow('evaluator', screens.desk)
  for (const [address, title] of [[propose, /openbaar|figures public/i], [everybody, /rond|round/]]) {
    const answer = await page.goto(address)
    assert.equal(answer.status(), 200)
    assert.match(await page.title(), title)
  }
  const file = path.join(demo.folder, 'report.html')
  await grulden('report', '--data', data, '--html', file)
  assert.match(await grulden('report', '--data', data, '--verify', file), /^same /m)
})
