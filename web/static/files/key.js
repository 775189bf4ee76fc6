// The key with which this phone signs. It is made here by the browser's own
// cryptography and cannot be taken out: not by us, not by another site, not by
// who steals a copy of the disk's files. There is one for each account that
// this phone is a wallet of.

const name = 'grulden';
const store = 'keys';

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: 'account' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// run does one thing with the keys and waits until it is on the disk.
async function run(mode, what) {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(store, mode);
      const request = what(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

// possible tells whether this browser can make and keep a key.
export function possible() {
  return Boolean(globalThis.isSecureContext && crypto.subtle && globalThis.indexedDB);
}

// findKey gives this phone's key for an account, or undefined. devices are the
// ids that may sign for it: a key of another device is of no use any more.
export async function findKey(account, devices) {
  if (!possible() || !account) return undefined;
  const key = await run('readonly', (keys) => keys.get(account)).catch(() => undefined);
  if (!key || devices.split(' ').includes(key.device)) return key;
  if (Date.now() - key.made > 3_600_000) await run('readwrite', (keys) => keys.delete(account)).catch(() => {});
  return undefined;
}

// makeKey makes a key for an account and keeps it, and gives its public half:
// Ed25519 where the browser has it, P-256 otherwise.
export async function makeKey(account, device) {
  let alg = 'Ed25519';
  let pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']).catch(() => undefined);
  if (!pair) {
    alg = 'P-256';
    pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  }
  const open = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  await run('readwrite', (keys) => keys.put({ account, device, alg, secret: pair.privateKey, made: Date.now() }));
  return { alg, key: base64url(open) };
}

// signWith signs a text and gives the 64 bytes of the signature as text.
export async function signWith(key, text) {
  const how = key.alg === 'Ed25519' ? { name: 'Ed25519' } : { name: 'ECDSA', hash: 'SHA-256' };
  return base64url(new Uint8Array(await crypto.subtle.sign(how, key.secret, new TextEncoder().encode(text))));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
