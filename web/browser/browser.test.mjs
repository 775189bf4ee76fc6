// The helpers of the browser tests see what they are there to see.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'

import { barriers, nightBarriers, openBrowser, openPage, overflow, photograph, picture, readQR, screens } from './browser.mjs'
import { drawn } from './camera.mjs'

let browser

before(async () => {
  browser = await openBrowser()
})

after(() => browser?.close())

// A QR code of HTTPS://WIJK.TEST/P/0123456789, made by the library that draws
// the shop's.
const modules = `
  #######..###..#.#.#######
  #.....#....##.##..#.....#
  #.###.#..###.#.#..#.###.#
  #.###.#.#.##...#..#.###.#
  #.###.#.#.#.#.##..#.###.#
  #.....#..##...#...#.....#
  #######.#.#.#.#.#.#######
  .........#..##...........
  ##...###.##.#.###...##...
  #.##.#.#..#......#.#.##..
  ###..#####.###.#.#.#...##
  .##.##.##.##.....#####...
  ##.####.###..####.#..###.
  #.##.#...##.##.#..##.#...
  #.#..##..#...###...#.##..
  #..###...##.###.####..###
  #.#.#.##.#..#.#######.#.#
  ........##......#...####.
  #######.#...###.#.#.#.###
  #.....#.#.##..#.#...###..
  #.###.#....#...######....
  #.###.#..##.##.####..##.#
  #.###.#..##..#######....#
  #.....#.##..##...##.#.#..
  #######.#..###..#####..##
`

async function show(body, screen) {
  const page = await openPage(browser, screen)
  await page.setContent(`<!doctype html><html lang="nl"><meta name="viewport" content="width=device-width"><title>Proef</title><main><h1>Proef</h1>${body}</main>`)
  return page
}

test('a picture that Chromium had no frame for is taken again, other faults are not hidden', async () => {
  const failing = (message, times) => {
    let asked = 0
    return { screenshot: async () => { if (asked++ < times) throw new Error(message); return asked } }
  }
  const noFrame = 'page.screenshot: Protocol error (Page.captureScreenshot): Unable to capture screenshot'
  assert.equal(await picture(failing(noFrame, 2)), 3)
  await assert.rejects(picture(failing(noFrame, 100)), /Unable to capture/)
  await assert.rejects(picture(failing('page.screenshot: Target closed', 1)), /Target closed/)
})

test('a QR code is read back from the picture of a page', async () => {
  assert.equal(await readQR(await show(drawn(modules)), 'qr-proef'), 'HTTPS://WIJK.TEST/P/0123456789')
})

test('a page without a QR code, or with two, is not read', async () => {
  const code = drawn(modules)
  await assert.rejects(readQR(await show('<p>geen code</p>'), 'qr-geen'), /no QR code/)
  await assert.rejects(readQR(await show(code + code), 'qr-twee'), /2 QR codes/)
})

test('barriers are named, and a sound page has none', async () => {
  const bad = await barriers(await show('<img src="data:,"><p style="color:#ccc;background:#fff">bleek</p>'))
  assert.equal(bad.length, 2, bad.join('\n'))
  assert.match(bad.join('\n'), /image-alt/)
  assert.match(bad.join('\n'), /color-contrast/)
  assert.deepEqual(await barriers(await show('<p>goed</p>')), [])
})

test('what is unreadable at night only is found', async () => {
  const page = await show('<style>@media (prefers-color-scheme: dark) { p { color: #ccc; background: #fff } }</style><p>bleek</p>')
  assert.deepEqual(await barriers(page), [])
  assert.match((await nightBarriers(page)).join('\n'), /color-contrast/)
  assert.deepEqual(await barriers(page), [])
})

test('a page that is too wide is found', async () => {
  assert.ok((await overflow(await show('<pre style="width:900px">breed</pre>'))) > 0)
  assert.equal(await overflow(await show('<p>smal</p>')), 0)
})

test('pictures have the size of their screens, and the page keeps its own', async () => {
  const page = await show('<p>klein</p>')
  const sizes = []
  for (const { file } of await photograph(page, 'proef')) {
    const png = await readFile(file)
    sizes.push({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) })
  }
  assert.deepEqual(sizes, [{ width: 360, height: 640 }, { width: 1280, height: 800 }])
  assert.deepEqual(page.viewportSize(), screens.phone.viewport)
})

test('complaints of the browser are heard', async () => {
  const page = await openPage(browser)
  await Promise.all([page.waitForEvent('pageerror'), page.setContent('<script>throw new Error("stuk")</script>')])
  assert.match(page.complaints.join('\n'), /stuk/)
})
