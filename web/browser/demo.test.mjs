// The sample wijk starts, shows a page, and stops.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { barriers, openBrowser, openPage, overflow, photograph } from './browser.mjs'
import { startDemo } from './program.mjs'

let browser, demo

before(async () => {
  demo = await startDemo()
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await demo?.stop()
})

test('the first link of the sample wijk opens a page for everybody', async () => {
  const page = await openPage(browser)
  const answer = await page.goto(demo.url)
  assert.equal(answer.status(), 200)
  assert.equal(await page.getAttribute('html', 'lang'), 'nl')
  assert.notEqual(await page.title(), '')
  assert.deepEqual(await barriers(page), [])
  assert.equal(await overflow(page), 0, 'pixels wider than the telephone')
  await photograph(page, 'demo')
  assert.deepEqual(page.complaints, [])
})
