// A small wijk for a test, and what people in it do on their pages.

import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { madeUpIBAN, reserve, statement } from './bank.mjs'
import { barriers, logIn, nightBarriers, openPage, photograph } from './browser.mjs'
import { freePort, grulden, makeFolder, serve } from './program.mjs'

// PIN is everybody's whose card the tests make.
export const PIN = '246810'

// makeWijk makes an empty ledger with the usual rules and serves it as if it
// were a certain time. Stop it in the test's after().
export async function makeWijk(now, factor) {
  const folder = await makeFolder()
  const wijk = new Wijk(folder, await freePort(), factor)
  try {
    await wijk.command('init', '--wijk', 'Voorbeeldwijk')
    await wijk.open(now)
    // From here on the server runs the commands, by its own clock.
    await wijk.command('policy', '--set', '--hops', '5', '--grace-days', '30')
    await wijk.command('bank reserve', '--iban', reserve.iban, '--name', reserve.name)
  } catch (error) {
    await wijk.stop().catch(() => {}) // what went wrong first is what counts
    throw error
  }
  return wijk
}

class Wijk {
  constructor(folder, port, factor) {
    this.folder = folder
    this.factor = factor
    this.port = port
    this.data = path.join(folder, 'data')
    this.url = `http://localhost:${port}`
  }

  // command runs a command of the program on the ledger, served or not.
  command(name, ...args) {
    return grulden(...name.split(' '), '--data', this.data, ...args)
  }

  // open serves the ledger from a moment on.
  async open(now) {
    this.day = now.slice(0, 10)
    this.server = await serve(this.data, this.port, now, this.factor)
  }

  // close stops the server; the ledger stays.
  async close() {
    const { server } = this
    this.server = undefined
    await server?.stop()
  }

  // stop ends everything.
  async stop() {
    await this.close().finally(() => rm(this.folder, { recursive: true, force: true }))
  }

  // add gives somebody a card by the command line; the desk cannot add staff.
  async add(role, name, ...more) {
    const printed = await this.command('person', '--role', role, '--name', name, ...more)
    const [, code, pin] = printed.match(/code (\w{10})\nPIN {2}(\d+)/)
    return { name, code, pin }
  }

  // signIn gives a page of a person who has signed in.
  async signIn(browser, card, screen, more) {
    const page = await openPage(browser, screen, more)
    await logIn(page, this.url, card)
    return page
  }

  // topUp has people transfer the same number of euros each, from a bank account
  // of their own, and takes in the bank statement that says so. The statement is
  // the first of the account: a wijk is topped up like this once.
  async topUp(people, euros) {
    const entries = people.map(({ name, reference }, i) => ({ euros, credit: true, name, iban: madeUpIBAN(2001 + i), reference }))
    await this.command('bank import', await this.write({ id: 'AFSCHRIFT-1', day: this.day, entries }))
  }

  // write keeps a statement as a file that the desk can choose.
  async write(what) {
    const file = path.join(this.folder, `${what.id}.xml`)
    await writeFile(file, statement(what))
    return file
  }
}

// inspect photographs a page and asks of it what every page owes its readers:
// no barriers, by day and by night, and no scrolling sideways.
export async function inspect(page, name) {
  const pictures = await photograph(page, name)
  for (const { width, tooWide } of pictures) assert.equal(tooWide, 0, `${name}: pixels too wide for ${width}`)
  assert.deepEqual(await barriers(page), [], name)
  assert.deepEqual(await nightBarriers(page), [], `${name}, at night`)
  assert.deepEqual(page.complaints, [], name)
}

// forgive takes back complaints that a test expected: to the browser, a page of
// refusal is an error.
export function forgive(page, pattern) {
  page.complaints = page.complaints.filter((complaint) => !pattern.test(complaint))
}

// addPerson has the desk add a resident or a shop, step by step, and gives the
// card and the reference that stands on the page of the person. Shops have an
// IBAN. seen is told of each page on the way.
export async function addPerson(desk, url, { name, shop, address, iban }, seen = () => {}) {
  await desk.goto(new URL('/desk/people/new', url).href)
  await seen('role')
  await desk.click(`a[href$="role=${shop ? 'merchant' : 'resident'}"]`)
  await desk.fill('input[name=name]', name)
  if (shop) {
    await desk.fill('input[name=shop]', shop)
    await desk.fill('input[name=address]', address)
    await desk.fill('input[name=iban]', iban ?? '')
  }
  await seen('name')
  await desk.press('input[name=name]', 'Enter')
  await desk.waitForSelector('button[name=language]')
  await seen('language')
  await desk.click('button[value=nl]')
  await desk.waitForURL(/\/pin$/)
  await seen('turn')
  await desk.click('a[href$="/pin/choose"]')
  await choosePIN(desk, PIN, seen)
  await desk.click('a[href$="/card"]')
  const code = await text(desk, '#logincode')
  await seen('card')
  await desk.goto(desk.url().replace(/\/card$/, ''))
  const reference = (await text(desk, '.facts .codetext')).replaceAll(' ', '')
  return { name, shop, code, pin: PIN, reference, page: desk.url() }
}

// choosePIN types a PIN on the pad, twice.
export async function choosePIN(desk, pin, seen = () => {}) {
  for (const step of ['choose', 'again']) {
    await desk.waitForURL(new RegExp(`/pin/${step}$`))
    await desk.fill('#pin', pin)
    await seen(step)
    await desk.press('#pin', 'Enter')
  }
  await desk.waitForURL(/\/pin\/ready$/)
  await seen('ready')
}

// charge has a shop type an amount and gives the code under its QR code.
export async function charge(shop, url, amount) {
  await shop.goto(new URL('/till', url).href)
  await shop.fill('input[name=amount]', amount)
  await shop.press('input[name=amount]', 'Enter')
  return text(shop, '.typed b')
}

// typeCode has a payer type a shop's code instead of scanning it.
export async function typeCode(payer, url, code) {
  await payer.goto(new URL('/pay', url).href)
  await payer.fill('input[name=code]', code.toLowerCase())
  await payer.press('input[name=code]', 'Enter')
  await payer.waitForURL(/\/P\/\w{10}$/)
}

// confirm presses the one large button and waits for the receipt.
export async function confirm(payer) {
  await payer.click('#confirm button')
  await payer.waitForURL(/\/receipt\//)
}

// text is what a reader sees of an element, with plain spaces.
export async function text(page, selector) {
  return (await page.locator(selector).first().innerText()).replace(/\s+/g, ' ').trim()
}

// upload has the desk hand in a bank statement, and gives what the page says
// became of it.
export async function upload(desk, url, file) {
  await desk.goto(new URL('/desk/bank', url).href)
  await desk.setInputFiles('input[name=file]', file)
  await desk.click('form[action="/desk/bank"] button')
  return text(desk, '#imported')
}
