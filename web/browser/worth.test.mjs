// What the coin cost and brought: an evaluator fills in the sheet with the
// keyboard and with scripts switched off, reads the answer, and prints it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openBrowser, openPage, screens } from './browser.mjs'
import { forgive, inspect, makeWijk, text } from './wijk.mjs'

let browser, wijk, evaluator

before(async () => {
  wijk = await makeWijk('2026-01-05T12:00:00+01:00')
  browser = await openBrowser()
  evaluator = await wijk.signIn(browser, await wijk.add('evaluator', 'Onderzoeker'), screens.desk)
})

after(async () => {
  await browser?.close()
  await wijk?.stop()
})

// line opens the form of a new line of a part, and fills it in.
async function line(page, part, fields) {
  await page.goto(`${wijk.url}/worth/line?part=${part}`)
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[name="${name}"]`)
    if (await field.evaluate((f) => f.tagName === 'SELECT')) await field.selectOption(value)
    else await field.fill(value)
  }
  await page.click('form[action="/worth/line"] button')
}

test('an evaluator fills in the sheet and sees how sure the answer is', async () => {
  await evaluator.goto(`${wijk.url}/report`)
  await evaluator.click('footer a[href="/worth"]')
  assert.match(await text(evaluator, '.lead'), /nog niets ingevuld/)

  await line(evaluator, 'inputs', { what: 'Vrijwilligers', kind: 'hours', quantity: '100', price: '15', source: 'Eigen telling' })
  await evaluator.waitForURL(/\/worth\?done=worthsaved$/)
  await line(evaluator, 'outcomes', {
    what: 'Meer contact', kind: 'contacts', 'quantity-least': '5', quantity: '10', 'quantity-most': '20', proxy: '600', deadweight: '50', years: '1',
  })
  assert.match(await text(evaluator, '.lead'), /waarschijnlijk 2,00 euro op: ten minste 1,00 en ten hoogste 4,00/)
  assert.match(await text(evaluator, '.worthwarnings'), /Er staat geen bron bij/)
  await inspect(evaluator, 'worth')

  await line(evaluator, 'projects', { day: '2026-01-02', what: 'Een bankje', amount: '1.234', who: 'De buurt' })
  assert.match(await text(evaluator, '#problem'), /rode tekst/)
  assert.match(await text(evaluator, '.wrong'), /Dit is geen getal/)
  assert.equal(await evaluator.inputValue('[name=what]'), 'Een bankje')
  forgive(evaluator, /422/)
  await inspect(evaluator, 'worth-wrong')
})

test('on paper the sheet is whole and its buttons are gone', async () => {
  await evaluator.goto(`${wijk.url}/worth`)
  await evaluator.emulateMedia({ media: 'print' })
  assert.equal(await evaluator.locator('a.button:visible, button:visible').count(), 0)
  for (const words of ['Vrijwilligers', 'Eigen telling', 'Stap 5.', 'Welke aanname telt het meest?', 'Stap 6.']) {
    assert.ok(await evaluator.getByText(words).first().isVisible(), words)
  }
  await evaluator.emulateMedia({ media: 'screen' })
})

test('without scripts, on a phone, a line is changed and taken away', async () => {
  const cookies = await evaluator.context().cookies()
  const phone = await openPage(browser, { ...screens.phone, javaScriptEnabled: false })
  await phone.context().addCookies(cookies)
  await phone.goto(`${wijk.url}/worth/line?part=outcomes&line=0`)
  await phone.fill('[name=deadweight]', '75')
  await phone.click('form[action="/worth/line"] button')
  assert.match(await text(phone, '.lead'), /waarschijnlijk 1,00/)
  await phone.goto(`${wijk.url}/worth/line?part=outcomes&line=0`)
  await phone.click('form[action="/worth/remove"] button')
  assert.match(await text(phone, '.lead'), /nog niet ingevuld wat er veranderde/)
})
