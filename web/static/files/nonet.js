// The till without a net. A customer who has one pays the poster and shows nine
// digits; this till checks them with a secret that it got while it had a net and
// that no script can read again (SPEC R110 to R112). What it took is compared
// with the ledger once the net is back.

const windowLength = 300; // seconds
const database = 'till without a net';

// importSecret turns a secret in base64 into a key that only signs.
export function importSecret(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

// fits tells whether nine digits are the code for an amount in cents at a time
// in Unix seconds: in its window, the one before or the one after.
export async function fits(key, code, cents, seconds) {
  const now = Math.floor(seconds / windowLength);
  for (const window of [now, now - 1, now + 1]) {
    const text = new TextEncoder().encode(`${code.slice(0, 3)}|${cents}|${window}`);
    const sum = new DataView(await crypto.subtle.sign('HMAC', key, text));
    if (String(sum.getUint32(0) % 1_000_000).padStart(6, '0') === code.slice(3)) return true;
  }
  return false;
}

// centsOf reads an amount as people type it; null for what is none.
export function centsOf(text) {
  const match = text.trim().match(/^(?:€\s*)?(\d{1,7})(?:[.,](\d{1,2}))?$/);
  const cents = match ? Number(match[1] + (match[2] ?? '').padEnd(2, '0')) : 0;
  return cents > 0 ? cents : null;
}

// open opens this device's own memory: the secret, and what was taken.
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('secrets', { keyPath: 'name' });
      request.result.createObjectStore('taken', { keyPath: ['secret', 'day', 'code'] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// use does one thing in a store and waits until it is kept.
async function use(name, mode, act) {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(name, mode);
      const request = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

// keepSecret gets the secret of the shop whose page this is, once. Those of
// other shops go.
export async function keepSecret(name) {
  if (await use('secrets', 'readonly', (store) => store.get(name))) return;
  const answer = await fetch('/till/offline/secret', { method: 'POST', redirect: 'error' });
  if (!answer.ok) return;
  const given = await answer.json();
  const key = await importSecret(given.secret);
  await use('secrets', 'readwrite', (store) => store.clear());
  await use('secrets', 'readwrite', (store) => store.put({ name: given.name, key }));
}

const dayOf = (date) => `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;

function prepare(form) {
  const { secret, lang } = form.dataset;
  const [amount, code] = [document.getElementById('amount'), document.getElementById('code')];
  const good = document.getElementById('good');
  const money = new Intl.NumberFormat(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  function verdict(what) {
    for (const p of document.querySelectorAll('[data-verdict]')) p.hidden = p.dataset.verdict !== what;
    good.hidden = what !== 'good';
  }

  async function check() {
    const cents = centsOf(amount.value);
    if (!cents) return 'amount';
    const digits = code.value.replace(/\D/g, '');
    if (digits.length !== 9) return 'code';
    const kept = await use('secrets', 'readonly', (store) => store.get(secret));
    const now = new Date();
    if (!(await fits(kept.key, digits, cents, now / 1000))) return 'wrong';
    const taken = { secret, day: dayOf(now), code: digits, cents, at: Math.floor(now / 1000), state: 'waits' };
    try {
      await use('taken', 'readwrite', (store) => store.add(taken)); // refused when it is there
    } catch {
      return 'used';
    }
    good.querySelector('b').textContent = money.format(cents / 100);
    return 'good';
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const what = await check();
    verdict(what);
    if (what !== 'good') return;
    form.reset();
    await list();
    await compare();
  });

  const mine = async () => (await use('taken', 'readonly', (store) => store.getAll())).filter((taken) => taken.secret === secret);

  async function list() {
    const all = (await mine()).sort((a, b) => b.at - a.at);
    const lines = all.map((taken) => {
      const line = document.getElementById('takenline').content.cloneNode(true).firstElementChild;
      const at = new Date(taken.at * 1000);
      line.dataset.state = taken.state;
      line.querySelector('.when').textContent = at.toLocaleString(lang, { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });
      line.querySelector('.sum').textContent = `+${money.format(taken.cents / 100)}`;
      return line;
    });
    document.querySelector('#taken .lines').replaceChildren(...lines);
    document.getElementById('taken').hidden = lines.length === 0;
  }

  // compare asks the ledger about what it was not asked about yet. A payment
  // that it has can be forgotten here the day after.
  async function compare() {
    const open = (await mine()).filter((taken) => taken.state !== 'found').slice(0, 200);
    if (open.length === 0) return;
    let answer;
    try {
      answer = await fetch('/till/offline/compare', {
        method: 'POST',
        redirect: 'error',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ noted: open.map(({ code: c, cents, at }) => ({ code: c, cents, at })) }),
      });
    } catch {
      return; // still no net
    }
    if (!answer.ok) return;
    const { found } = await answer.json();
    for (const [i, taken] of open.entries()) {
      await use('taken', 'readwrite', (store) => store.put({ ...taken, state: found[i] ? 'found' : 'lost' }));
    }
    await list();
  }

  async function forget() {
    const today = dayOf(new Date());
    for (const { state, day, ...taken } of await mine()) {
      if (state === 'found' && day !== today) await use('taken', 'readwrite', (store) => store.delete([secret, day, taken.code]));
    }
  }

  async function begin() {
    await keepSecret(secret).catch(() => {}); // no net: what is kept has to do
    const known = await use('secrets', 'readonly', (store) => store.get(secret));
    document.getElementById('nosecret').hidden = Boolean(known);
    form.hidden = !known;
    await forget();
    await list();
    await compare();
  }

  addEventListener('online', compare);
  return begin();
}

const page = globalThis.document;
if (page?.getElementById('nonet')) prepare(page.getElementById('nonet'));
const till = page?.querySelector('[data-till-secret]');
if (till) keepSecret(till.dataset.tillSecret).catch(() => {}); // the next visit tries again
