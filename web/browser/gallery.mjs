// Photographs every page in every state on both screens into .cache/gallery, to
// be looked at: make gallery. Arguments choose by a part of the name: pay, or .en.

import { mkdir } from 'node:fs/promises'
import path from 'node:path'

import { openBrowser, openPage, picture, screens } from './browser.mjs'
import { root, startDemo } from './program.mjs'

const folder = path.join(root, '.cache', 'gallery')
const chosen = process.argv.slice(2)

const demo = await startDemo()
const browser = await openBrowser()
try {
  await mkdir(folder, { recursive: true })
  const page = await openPage(browser, screens.phone)
  await page.routeWebSocket(/./, () => {}) // a line that stays silent: these tills are not real
  await page.goto(`${demo.url}/dev/states`)
  const addresses = await page.locator('.states a').evaluateAll((links) => links.map((link) => link.href))
  for (const address of addresses) {
    const [lang, state] = address.split('/').slice(-2)
    if (chosen.length > 0 && !chosen.some((part) => `${state}.${lang}`.includes(part))) continue
    await page.goto(address)
    for (const [screen, { viewport }] of Object.entries(screens)) {
      await page.setViewportSize(viewport)
      await picture(page, { path: path.join(folder, `${state}.${lang}.${screen}.png`), caret: 'hide' })
    }
  }
  console.log(`${path.relative(root, folder)}: look at them`)
} finally {
  await browser.close()
  await demo.stop()
}
