// The scanner: a film of a QR code is held before the camera.

import assert from 'node:assert/strict'
import path from 'node:path'
import { after, before, test } from 'node:test'

import { barriers, openBrowser, openPage, photograph, picture, screens } from './browser.mjs'
import { drawn, film, filmed } from './camera.mjs'
import { addPerson, charge, inspect, makeWijk } from './wijk.mjs'

let wijk, plain, link
const cards = {}
const filming = [] // browsers with a camera

before(async () => {
  wijk = await makeWijk('2026-01-05T12:00:00+01:00')
  plain = await openBrowser()
  const desk = await wijk.signIn(plain, await wijk.add('desk', 'Balie'), screens.desk)
  cards.resident = await addPerson(desk, wijk.url, { name: 'Bewoner' })
  cards.shop = await addPerson(desk, wijk.url, { name: 'Eigenaar', shop: 'Bakker', address: 'Voorbeeldstraat 1' })
  const shop = await wijk.signIn(plain, cards.shop)
  const code = await charge(shop, wijk.url, '2,50')
  link = `/P/${code.replace('-', '')}`
  await picture(shop.locator('.qr'), { path: path.join(wijk.folder, 'till.png') })
})

after(async () => {
  for (const browser of [plain, ...filming]) await browser?.close()
  await wijk?.stop()
})

// openCamera gives the pay page in a browser that sees a picture.
async function openCamera(picture, more) {
  const browser = await openBrowser(...filmed(await film(path.join(wijk.folder, picture), picture)))
  filming.push(browser)
  const page = await wijk.signIn(browser, cards.resident, screens.phone, more)
  return page
}

// running is the number of cameras that are on.
const running = (page) => page.evaluate(() => globalThis.tracks.filter((track) => track.readyState === 'live').length)

// keepTracks lets a page remember each camera that it opens.
function keepTracks() {
  globalThis.tracks = []
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (wish) => {
    globalThis.wish = wish
    const stream = await ask(wish)
    globalThis.tracks.push(...stream.getTracks())
    return stream
  }
}

test('the code of a till is scanned, and leads to its payment', async () => {
  const page = await openCamera('till.png')
  const foreign = []
  page.on('request', (request) => request.url().startsWith(wijk.url) || foreign.push(request.url()))
  await page.goto(`${wijk.url}/wallet`)
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name))
  assert.ok(!loaded.some((name) => /reader/.test(name)), 'the reader is loaded when it is needed')
  await Promise.all([page.waitForURL(`${wijk.url}${link}`, { timeout: 20_000 }), page.goto(`${wijk.url}/pay`).then(() => press(page))])
  assert.match(await page.locator('#amount').innerText(), /2,50/)
  assert.deepEqual(foreign, [], 'everything comes from the site itself')
  assert.deepEqual(page.complaints, [])
})

// press begins a scan, unless the page did so by itself.
async function press(page) {
  const button = page.locator('[data-scan-begin]')
  if (await button.isVisible().catch(() => false)) await button.click({ timeout: 1000 }).catch(() => {})
}

test('a code of somebody else is told apart, and the camera stays on until it is switched off', async () => {
  const stranger = await openPage(plain, screens.desk)
  await stranger.setContent(drawn(elsewhere))
  await picture(stranger.locator('svg'), { path: path.join(wijk.folder, 'foreign.png') })
  const page = await openCamera('foreign.png')
  await page.addInitScript(keepTracks)
  await page.goto(`${wijk.url}/pay`)
  await press(page)
  await page.waitForSelector('[data-scan-said]:not([hidden])', { timeout: 20_000 })
  assert.match(await page.locator('[data-scan-said]').innerText(), /niet van Grulden/)
  assert.equal(page.url(), `${wijk.url}/pay`, 'nothing was opened')
  assert.deepEqual(await page.evaluate(() => globalThis.wish.video.facingMode), { ideal: 'environment' })
  assert.equal(await running(page), 1)
  assert.deepEqual(await barriers(page), [])
  await photograph(page, 'pay-scanning')
  await page.click('[data-scan-end]')
  assert.equal(await running(page), 0, 'the camera is free')
  assert.ok(await page.locator('[data-scan-begin]').isVisible())
  assert.ok(await page.locator('input[name=code]').isVisible(), 'the place to type the code')
  assert.deepEqual(page.complaints, [])
})

test('who refuses the camera, or has none, is told so and can type', async () => {
  for (const [name, words] of [['NotAllowedError', /camera mag niet aan/], ['NotFoundError', /geen camera/], ['NotReadableError', /al in gebruik/]]) {
    const page = await wijk.signIn(plain, cards.resident)
    await page.addInitScript((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', name))
    }, name)
    await page.goto(`${wijk.url}/pay`)
    await page.click('[data-scan-begin]')
    await page.waitForSelector('[data-scan-said]:not([hidden])')
    assert.match(await page.locator('[data-scan-said]').innerText(), words)
    assert.ok(await page.locator('input[name=code]').isVisible())
    await inspect(page, `pay-camera-${name}`)
  }
})

test("the browser's own reader is used where there is one", async () => {
  const page = await wijk.signIn(plain, cards.resident)
  await page.addInitScript((text) => {
    const canvas = document.createElement('canvas')
    setInterval(() => canvas.getContext('2d').fillRect(0, 0, 9, 9), 50) // a stream needs new pictures
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10)
    globalThis.BarcodeDetector = class {
      static async getSupportedFormats() {
        return ['qr_code']
      }
      async detect() {
        return [{ rawValue: text }]
      }
    }
  }, `${wijk.url}${link}`.toUpperCase())
  const asked = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${wijk.url}/pay`)
  await Promise.all([page.waitForURL(`${wijk.url}${link}`), page.click('[data-scan-begin]')])
  assert.ok(!asked.some((url) => /reader/.test(url)), 'ours was not loaded')
})

test('a page that is hidden lets go of the camera', async () => {
  const page = await openCamera('foreign.png')
  await page.addInitScript(keepTracks)
  await page.goto(`${wijk.url}/pay`)
  await press(page)
  await page.waitForSelector('[data-scan-said]:not([hidden])', { timeout: 20_000 })
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  assert.equal(await running(page), 0)
})

// A QR code of HTTPS://ELSEWHERE.EXAMPLE/MENU.
const elsewhere = `
  #######.#.#.#.....#######
  #.....#.###.#.##..#.....#
  #.###.#....#.####.#.###.#
  #.###.#.#..######.#.###.#
  #.###.#..#.#.#..#.#.###.#
  #.....#....#####..#.....#
  #######.#.#.#.#.#.#######
  ........##...#.#.........
  #.##.###.##..#..#.#..#.##
  ###.#...#.##..#...###....
  #.##..#.####..#......#...
  .#.......#.#...#.#...##.#
  ###..###.#..##.#####.#...
  .###.....####.####.###.##
  .#.####.#.##.##.#.#.#...#
  #..#.#...#.#....#.####.##
  ..###.##.#..#.##########.
  ........#.#.....#...##.##
  #######.##...##.#.#.#...#
  #.....#.##.#.##.#...###.#
  #.###.#...#..##.#########
  #.###.#.#..........#.#..#
  #.###.#.##....##.##...##.
  #.....#....####.#.#.#...#
  #######.#..#...#....##..#
`
