// Signing in for who handles other people's money: passkeys through a virtual
// authenticator, and the codes of an app.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'

import { logIn, openBrowser, screens } from './browser.mjs'
import { forgive, inspect, makeWijk, text } from './wijk.mjs'

const noon = '2026-01-05T12:00:00+01:00'

let browser, wijk, began
before(async () => {
  wijk = await makeWijk(noon, 'required')
  began = Date.now()
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await wijk?.stop()
})

// authenticator gives a page a finger or a face: CTAP2, inside the device,
// that keeps passkeys and knows its owner.
async function authenticator(page) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  })
}

// codeOf is what an app with the secret shows at the server's time: RFC 6238,
// steps half-minutes later.
function codeOf(secret, steps = 0) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replaceAll(/\s/g, '')].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const now = new Date(noon).getTime() + Date.now() - began
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000) + steps))
  const sum = createHmac('sha1', key).update(counter).digest()
  const at = sum[19] & 15
  return String((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

test('a shop makes a passkey after the first sign-in, and from then on presses one button', async () => {
  const card = await wijk.add('merchant', 'Eigenaar', '--shop', 'Bakker', '--address', 'Voorbeeldstraat 1')
  const page = await wijk.signIn(browser, card)
  assert.equal(new URL(page.url()).pathname, '/safe', 'nothing goes before a second factor')
  await page.goto(`${wijk.url}/shop`)
  assert.equal(new URL(page.url()).pathname, '/safe')
  await inspect(page, 'safe-first')
  await authenticator(page)
  await page.click('form[data-passkey=new] button')
  await page.waitForSelector('.factors')
  assert.match(await text(page, '.factors'), /Mijn telefoon of computer/)
  await inspect(page, 'safe-passkey')

  await page.click('form[action="/logout"] button')
  await page.waitForURL(/\/login$/)
  await inspect(page, 'login-staff')
  await page.click('form[data-passkey=show] button')
  await page.waitForURL(/\/shop$/)
  assert.deepEqual(page.complaints, [])
  await page.context().close()
})

test('a code and a PIN alone do not open what a passkey guards', async () => {
  const card = await wijk.add('treasurer', 'Penningmeester')
  const page = await wijk.signIn(browser, card, screens.desk)
  await authenticator(page)
  await page.click('form[data-passkey=new] button')
  await page.waitForSelector('.factors')

  const thief = await wijk.signIn(browser, card)
  assert.equal(new URL(thief.url()).pathname, '/login/second')
  await inspect(thief, 'second-passkey')
  await thief.goto(`${wijk.url}/desk/bank`)
  assert.equal(new URL(thief.url()).pathname, '/login')
  await thief.context().close()

  // The owner's own device, after a sign-in with card and PIN. First the owner
  // closes the browser's question, which no protocol can press away.
  await page.click('form[action="/logout"] button')
  await logIn(page, wijk.url, card)
  await page.evaluate(() => (navigator.credentials.get = () => Promise.reject(new DOMException('closed', 'NotAllowedError'))))
  await page.click('form[data-passkey] button.big')
  await page.waitForSelector('form[data-passkey] [role=alert]:not([hidden])')
  assert.match(await text(page, 'form[data-passkey] [role=alert]'), /niet gelukt/)
  await page.reload()
  await page.click('form[data-passkey] button.big')
  await page.waitForURL(/\/desk\/bank$/)

  // The only passkey cannot be removed; a second one can.
  await page.goto(`${wijk.url}/safe`)
  await page.click('.factors summary')
  await page.fill('.factors input[name=pin]', card.pin)
  await page.click('.factors button')
  assert.match(await text(page, '#problem'), /enige manier/)
  forgive(page, /409/)
  await page.context().close()
})

test('an app shows codes; each works once; a new card from the machine starts afresh', async () => {
  const card = await wijk.add('desk', 'Balie')
  const page = await wijk.signIn(browser, card, screens.desk, { javaScriptEnabled: false })
  assert.equal(await page.locator('form[data-passkey]').isVisible(), false, 'no passkey without a script')
  const secret = await text(page, '#secret')
  const used = codeOf(secret)
  await page.fill('#otp', used)
  await page.press('#otp', 'Enter')
  await page.waitForURL(/\/safe\?done=safe/)
  await page.goto(`${wijk.url}/desk/people`)
  assert.equal(new URL(page.url()).pathname, '/desk/people')

  const again = await wijk.signIn(browser, card, screens.desk)
  assert.equal(new URL(again.url()).pathname, '/login/second')
  await inspect(again, 'second-app')
  await again.fill('#otp', used)
  await again.press('#otp', 'Enter')
  assert.match(await text(again, '#problem'), /al een keer gebruikt/)
  forgive(again, /422/)
  await again.evaluate((code) => { // pasted, with the space that apps show
    const data = new DataTransfer()
    data.setData('text/plain', code)
    const field = document.getElementById('otp')
    const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
    if (!field.dispatchEvent(event)) throw new Error('the page refuses a paste')
    field.value = code
  }, codeOf(secret, 1).replace(/^.../, '$& '))
  await again.press('#otp', 'Enter')
  await again.waitForURL(/\/desk\/people$/)

  const printed = await wijk.command('person', '--renew', '--role', 'desk', '--name', 'Balie')
  const [, code, pin] = printed.match(/code (\w{10})\nPIN {2}(\d+)/)
  await again.goto(`${wijk.url}/desk/people`)
  assert.equal(new URL(again.url()).pathname, '/login', 'the old session is over')
  await logIn(again, wijk.url, { code, pin })
  assert.equal(new URL(again.url()).pathname, '/safe', 'the second factor is forgotten')
  await again.context().close()
  await page.context().close()
})
