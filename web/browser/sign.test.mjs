// What a phone's own code signs is what the ledger checks: both are held
// against one file of keys, texts and signatures.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'

import { openBrowser, openPage, screens } from './browser.mjs'

const vectors = JSON.parse(await readFile(new URL('../../internal/record/testdata/signatures.json', import.meta.url)))
const site = 'http://localhost:9'

let browser, page

before(async () => {
  browser = await openBrowser()
  page = await openPage(browser, screens.phone)
  await page.route(`${site}/key.js`, (route) => route.fulfill({ path: new URL('../static/files/key.js', import.meta.url).pathname }))
  await page.route(`${site}/`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="nl"><title>Proef</title>' }))
  await page.goto(`${site}/`)
})

after(() => browser?.close())

// signed signs a vector's text in the browser with the page's own script, and
// tells whether the browser takes that signature, the file's, and a wrong one.
const signed = (vector) =>
  page.evaluate(async ({ alg, private: secret, public: open, message, signature }) => {
    const { signWith } = await import('/key.js')
    const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16))
    const kind = alg === 'Ed25519' ? { name: alg } : { name: 'ECDSA', namedCurve: alg }
    const how = alg === 'Ed25519' ? { name: alg } : { name: 'ECDSA', hash: 'SHA-256' }
    const key = { alg, secret: await crypto.subtle.importKey('jwk', secret, kind, false, ['sign']) }
    const own = Uint8Array.from(atob((await signWith(key, message)).replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const publicKey = await crypto.subtle.importKey('raw', bytes(open), kind, false, ['verify'])
    const fits = (sig, text) => crypto.subtle.verify(how, publicKey, sig, new TextEncoder().encode(text))
    return {
      own: Array.from(own, (byte) => byte.toString(16).padStart(2, '0')).join(''),
      ownFits: await fits(own, message),
      fileFits: await fits(bytes(signature), message),
      otherFits: await fits(own, message.replace('1250', '1251')),
    }
  }, vector)

for (const vector of vectors) {
  test(`${vector.alg} signs a ${vector.pay ? 'payment' : 'standing order'} as the ledger checks it`, async () => {
    const { own, ownFits, fileFits, otherFits } = await signed(vector)
    assert.equal(own.length, 128)
    assert.deepEqual({ ownFits, fileFits, otherFits }, { ownFits: true, fileFits: true, otherFits: false })
    if (vector.alg === 'Ed25519') assert.equal(own, vector.signature, 'it is the same every time')
  })
}
