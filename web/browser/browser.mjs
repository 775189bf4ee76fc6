// A real browser, and what the tests ask of the pages it shows.

import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'

import axe from 'axe-core'
import { chromium } from 'playwright-core'

import { root } from './program.mjs'

const run = promisify(execFile)

// The screens that every page has to fit: a small telephone and a desk.
export const screens = {
  phone: { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true },
  desk: { viewport: { width: 1280, height: 800 } },
}

const screenshots = path.join(root, '.cache', 'screenshots')

// openBrowser launches the Chromium that is installed; CHROMIUM names another.
// More arguments are Chromium's own.
export function openBrowser(...more) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox', // the tests may run as root, on pages of our own only
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  })
}

// openPage gives a page of a person of their own, with their own cookies.
// More options are Playwright's own, such as javaScriptEnabled. The service
// worker is left out unless a test asks for it: { serviceWorkers: 'allow' }.
// page.complaints collects what the browser complains about: errors of scripts,
// breaches of the content security policy, requests that fail.
export async function openPage(browser, screen = screens.phone, more = {}) {
  const context = await browser.newContext({ ...screen, locale: 'nl-NL', timezoneId: 'Europe/Amsterdam', serviceWorkers: 'block', ...more })
  context.setDefaultTimeout(10_000) // ms
  const page = await context.newPage()
  page.complaints = []
  page.on('console', (message) => message.type() === 'error' && page.complaints.push(message.text()))
  page.on('pageerror', (error) => page.complaints.push(String(error)))
  page.on('requestfailed', (request) => {
    const why = request.failure().errorText
    if (why !== 'net::ERR_ABORTED') page.complaints.push(`${request.url()}: ${why}`) // aborted: the page was left before it came
  })
  return page
}

// attended loads the page again once the service worker is there: a page that
// was already on its way when the worker came may stay without one.
export async function attended(page) {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await page.reload()
  await page.waitForFunction(() => navigator.serviceWorker.controller)
}

// logIn fills in the form of the login page. The button's words depend on the
// language, so the form is sent as Enter does.
export async function logIn(page, url, { code, pin }) {
  await page.goto(new URL('/login', url).href)
  await page.fill('input[name=code]', code)
  await page.fill('input[name=pin]', pin)
  await Promise.all([page.waitForURL((to) => to.pathname !== '/login'), page.press('input[name=pin]', 'Enter')])
}

const hiccup = /Protocol error \(Page\.captureScreenshot\): Unable to capture screenshot/
const attempts = 5
const pause = 250 // ms

// picture takes a screenshot of a page or of a part of it. On a busy machine
// Chromium now and then has no frame to give at that moment, and says so: then
// the picture is taken again. Everything else that goes wrong is a fault.
// Options are Playwright's own.
export async function picture(what, options) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await what.screenshot({ animations: 'disabled', ...options })
    } catch (error) {
      if (attempt === attempts || !hiccup.test(error.message)) throw error
      await setTimeout(pause)
    }
  }
}

// photograph keeps a picture of the page on both screens. It gives, for each,
// the file, the width and by how many pixels the page is too wide.
export async function photograph(page, name) {
  await mkdir(screenshots, { recursive: true })
  const before = page.viewportSize()
  const taken = []
  for (const { viewport } of Object.values(screens)) {
    const file = path.join(screenshots, `${name}-${viewport.width}x${viewport.height}.png`)
    await page.setViewportSize(viewport)
    await picture(page, { path: file })
    taken.push({ file, width: viewport.width, tooWide: await overflow(page) })
  }
  await page.setViewportSize(before)
  return taken
}

// readQR photographs what is on the screen and reads the one QR code on it, as
// a telephone would: from the picture, not from the markup. More options are
// Playwright's own, such as fullPage.
export async function readQR(page, name = 'qr', more = {}) {
  await mkdir(screenshots, { recursive: true })
  const file = path.join(screenshots, `${name}.png`)
  await picture(page, { path: file, ...more })
  const { stdout } = await run('zbarimg', ['--nodbus', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', file]).catch((error) => {
    throw new Error(`no QR code can be read from ${file}: ${error.stderr || error.message}`)
  })
  const codes = stdout.trim().split('\n')
  if (codes.length !== 1) throw new Error(`${codes.length} QR codes on ${file}, want one:\n${stdout}`)
  return codes[0]
}

// standard is what pages are held to: WCAG 2.2, levels A and AA.
const standard = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }
const contrast = { type: 'rule', values: ['color-contrast'] }
const sizes = { type: 'rule', values: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'] }

// barriers gives what keeps people out of the page as it stands, one line each;
// none is an empty list.
export async function barriers(page) {
  return violations(page, standard)
}

// nightBarriers gives what cannot be read when the telephone asks for dark pages.
export async function nightBarriers(page) {
  await page.emulateMedia({ colorScheme: 'dark' })
  const found = await violations(page, contrast)
  await page.emulateMedia({ colorScheme: null })
  return found
}

// sizeBarriers gives what keeps people out when the same page is shown in another
// size: what axe looks for in the picture and not in the markup.
export async function sizeBarriers(page) {
  return violations(page, sizes)
}

async function violations(page, runOnly) {
  const there = await page.evaluate(() => 'axe' in globalThis)
  if (!there) await page.evaluate(axe.source) // by way of the debugger: the page's own policy refuses foreign scripts
  const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), { runOnly, resultTypes: ['violations'] })
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html}`))
}

// overflow tells by how many pixels a page is wider than its screen; a page
// that scrolls sideways is broken on a telephone.
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
