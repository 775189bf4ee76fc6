// The evaluator's charts in a real browser: drawn from the table beside them under
// the policy of the page, gone through by key, taken home, printed; and the page
// without them.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import { barriers, logIn, openBrowser, openPage, overflow, screens } from './browser.mjs'
import { root, startDemo } from './program.mjs'
import { chartOption } from '../static/files/chartoption.js'

const run = promisify(execFile)
let browser, demo

before(async () => {
  demo = await startDemo()
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await demo?.stop()
})

// madeUp opens the page of the gallery that has a chart of each kind, with all of
// them drawn.
async function madeUp(screen = screens.phone, more = {}) {
  const page = await openPage(browser, screen, more)
  await page.goto(`${demo.url}/dev/states/nl/reporttopic`)
  return page
}

// scroll brings every chart near the screen.
async function scroll(page) {
  for (const figure of await page.locator('figure[data-chart]').all()) await figure.scrollIntoViewIfNeeded()
  await page.waitForFunction(() => [...document.querySelectorAll('figure:has([data-value])')].every((figure) => figure.querySelector('[data-drawing] svg path')))
}

const figure = (page, key) => page.locator(`#${key}`)

test('every kind of chart is drawn, without a breach of the policy', async () => {
  for (const screen of Object.values(screens)) {
    const page = await madeUp(screen)
    await scroll(page)
    assert.deepEqual(page.complaints, [])
    assert.equal(await overflow(page), 0)
    assert.deepEqual(await barriers(page), [])
    assert.equal(await page.locator('[data-drawing] svg path').count() > 50, true)
    assert.equal(await figure(page, 'gini').locator('[data-drawing] svg').count(), 0, 'a table without rows has no chart')
    for (const word of ['nieuw', 'winkels', 'wijkfonds']) assert.match(await figure(page, 'money_flow').locator('[data-drawing]').textContent(), new RegExp(word))
    assert.match(await figure(page, 'hops').locator('[data-drawing]').textContent(), /13\.000,00/, 'bars say their number as the table does')
    await page.context().close()
  }
})

test('a chart follows its screen, and the night', async () => {
  const page = await madeUp(screens.desk)
  await scroll(page)
  const drawing = figure(page, 'over_time').locator('[data-drawing] > div > svg')
  const look = () => drawing.evaluate((svg) => ({ width: svg.clientWidth, ink: svg.querySelector('text').getAttribute('fill') }))
  const day = await look()
  await page.setViewportSize({ width: 400, height: 800 })
  await page.waitForFunction((wide) => document.querySelector('#over_time [data-drawing] svg').clientWidth < wide, day.width)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.waitForFunction((ink) => document.querySelector('#over_time [data-drawing] svg text').getAttribute('fill') !== ink, day.ink)
  await page.context().close()
})

test('the keyboard goes through the rows and hears what the table says', async () => {
  const page = await madeUp()
  await scroll(page)
  for (const [key, want] of Object.entries({
    hops: '2e betaling: Betaald 7.400,00 Grulden; Deel 26,00 %',
    life: '1 keer: Bewoners 2.500,00 Grulden; Winkels 1.300,00 Grulden',
    cohorts: 'februari 2026: nieuw 1.300,00 Grulden; na 1 maand 89,00 %; na 3 maanden 66,00 %; na 6 maanden 51,00 %',
    sector_flow: 'eten → diensten: 410,00 Grulden',
  })) {
    const slider = figure(page, key).locator('input[type=range]')
    await slider.focus()
    await page.keyboard.press('ArrowRight')
    assert.equal(await figure(page, key).locator('[data-reading]').textContent(), want)
    assert.equal(await slider.getAttribute('aria-valuetext'), want)
    assert.equal(await figure(page, key).locator('tr.looked').evaluate((row) => row.rowIndex), 2)
  }
  await figure(page, 'life').locator('input[type=range]').press('End')
  assert.match(await figure(page, 'life').locator('[data-reading]').textContent(), /rijp: Bewoners verborgen/)
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

// kept gives the file that a click on a button of a figure leaves.
async function kept(page, key, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), figure(page, key).locator(button).click()])
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) }
}

test('a picture to take home says what it shows, by day, in two kinds', async () => {
  const page = await madeUp(screens.desk, { colorScheme: 'dark' })
  await scroll(page)
  const svg = await kept(page, 'hops', '[data-picture=svg]')
  const drawn = svg.content.toString()
  assert.equal(svg.name, 'grulden-hops.svg')
  for (const words of ['Waarde per betaling', '13.000,00', '5e betaling', 'Versie 1 van de uitleg']) assert.ok(drawn.includes(words), `${words} in the picture`)
  assert.match(drawn, /fill="#fff/, 'a light ground')
  assert.ok(!drawn.includes('Deel'), 'what stands aside is in the table alone')
  const png = await kept(page, 'money_flow', '[data-picture=png]')
  assert.equal(png.name, 'grulden-money_flow.png')
  assert.deepEqual([...png.content.subarray(1, 4)], [...Buffer.from('PNG')])
  assert.equal(png.content.readUInt32BE(16), 2000, 'two points for each pixel of a thousand')
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

test('on paper stand chart, numbers, and how they were counted', async () => {
  const page = await madeUp(screens.desk)
  await scroll(page)
  const file = path.join(demo.folder, 'report.pdf')
  await page.pdf({ path: file, format: 'A4' })
  const { stdout } = await run('pdftotext', ['-layout', file, '-'])
  for (const words of ['Waarde per betaling', '2.100,00', 'Versie 1 van deze uitleg', 'Let op:']) assert.ok(stdout.includes(words), `${words} on paper`)
  for (const words of ['Kijk rij voor rij', 'SVG']) assert.ok(!stdout.includes(words), `${words} is for the screen`)
  await page.context().close()
})

test('without a script, and without the library, the tables are all there is', async () => {
  const plain = await madeUp(screens.phone, { javaScriptEnabled: false })
  const cut = await openPage(browser)
  await cut.route(/echarts/, (route) => route.abort())
  await cut.goto(`${demo.url}/dev/states/nl/reporttopic`)
  for (const page of [plain, cut]) {
    assert.ok(await figure(page, 'hops').locator('td:text-is("13.000,00")').isVisible())
    assert.ok(await figure(page, 'hops').locator('a[href$="hops.csv"]').isVisible())
    for (const part of ['[data-drawing]', '[data-looker]', '[data-picture=svg]']) assert.ok(await figure(page, 'hops').locator(part).isHidden(), part)
    await page.context().close()
  }
})

test('the evaluator of the sample wijk gets from the answer to its charts', async () => {
  const page = await openPage(browser, screens.desk)
  await logIn(page, demo.url, { code: new URL(demo.links.evaluator).searchParams.get('code'), pin: demo.pin })
  const bottom = await page.locator('.facts').evaluate((list) => list.getBoundingClientRect().bottom)
  assert.ok(bottom <= screens.desk.viewport.height + 10, `the answer ends at ${bottom} pixels: one screen`)
  await page.click('.facts a span:text("betalingen")')
  await page.waitForSelector('#hops [data-drawing] svg path', { state: 'attached' })
  const shown = await figure(page, 'hops').locator('tbody tr').first().locator('td').first().getAttribute('data-value')
  const [download] = await Promise.all([page.waitForEvent('download'), figure(page, 'hops').locator('a[download]').click()])
  assert.ok((await readFile(await download.path(), 'utf8')).includes(`,${shown},`), 'the file has the number of the page')
  await page.goto(`${demo.url}/report/stuck`)
  await figure(page, 'groups').scrollIntoViewIfNeeded()
  await page.waitForSelector('#groups [data-drawing] svg path', { state: 'attached' })
  assert.ok(await figure(page, 'never_spent').locator('[data-drawing]').isHidden(), 'noughts are not drawn')
  assert.ok(await figure(page, 'never_spent').locator('td').first().isVisible(), 'their table stands alone')
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

// contrast is the ratio of WCAG 2.2 between two colours.
function contrast(one, other) {
  const light = (colour) => {
    const full = colour.length === 4 ? colour.replace(/[0-9a-f]/g, '$&$&') : colour
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(full.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
  }
  const [a, b] = [light(one), light(other)]
  return Math.max(a, b) / Math.min(a, b)
}

test('lines and bars stand out, and words on fields can be read', async () => {
  const script = await readFile(path.join(root, 'web/static/files/chartoption.js'), 'utf8')
  for (const name of ['day', 'night']) {
    const [, text] = script.match(new RegExp(`^const ${name} = (\\{.*\\});$`, 'm'))
    const { ink, ground, marks, heat } = JSON.parse(text.replace(/(\w+):/g, '"$1":').replaceAll("'", '"'))
    for (const mark of marks) assert.ok(contrast(mark, ground) >= 3, `${name}: ${mark} on ${ground} is ${contrast(mark, ground)}`)
    for (const field of heat) assert.ok(contrast(ink, field) >= 4.5, `${name}: ${ink} on ${field} is ${contrast(ink, field)}`)
  }
})

test('bars beside each other lie down when their numbers would stand in one another', async () => {
  const table = (...shown) => ({ kind: 'bars', labels: ['winkels', 'bewoners'], targets: [], columns: ['Betaald', 'Ontvangen'].map((label) => ({ label, unit: 'Grulden', exact: ['1', '2'], values: [1, 2], shown })) })
  const look = { width: 800, lang: 'nl', font: 'sans-serif' }
  const along = (drawn) => drawn.xAxis[0].type
  assert.equal(along(chartOption(table('5,2', '14,7'), look)), 'category')
  assert.equal(along(chartOption(table('30.553,46', '27.437,60'), look)), 'value')
})
