// Makes the pictures of the README again, from the sample wijk:
// node web/browser/pictures.mjs

import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'

import { logIn, openBrowser, openPage, picture, screens } from './browser.mjs'
import { root, startDemo } from './program.mjs'
import { charge } from './wijk.mjs'

const folder = path.join(root, 'docs', 'images')
const largest = 180 * 1024 // bytes: a README is read on telephones too

// snap keeps what is on the screen.
async function snap(page, name) {
  const file = path.join(folder, `${name}.png`)
  await picture(page, { path: file, caret: 'hide' })
  const { size } = await stat(file)
  console.log(`${path.relative(root, file)} ${size} bytes`)
  if (size > largest) throw new Error(`${file} is larger than ${largest} bytes`)
}

// enter gives a page of the person behind one of the demo's links.
async function enter(browser, demo, role, screen) {
  const page = await openPage(browser, screen)
  await logIn(page, demo.url, { code: new URL(demo.links[role]).searchParams.get('code'), pin: demo.pin })
  return page
}

async function makePictures(browser, demo) {
  await mkdir(folder, { recursive: true })
  const till = await enter(browser, demo, 'shop', screens.phone)
  const code = await charge(till, demo.url, '7,50')
  await till.waitForSelector('[data-live-state=on]')
  await snap(till, 'till')
  const resident = await enter(browser, demo, 'resident', screens.phone)
  await resident.goto(`${demo.url}/P/${code.replace('-', '')}`)
  await resident.waitForSelector('#confirm')
  await snap(resident, 'pay')
  await snap(await enter(browser, demo, 'evaluator', screens.desk), 'report')
}

const demo = await startDemo()
const browser = await openBrowser()
try {
  await makePictures(browser, demo)
} finally {
  await browser.close()
  await demo.stop()
}
