// The service worker keeps the shell of the site: style, scripts and the page
// for when there is no net. The server puts SHELL, the addresses to keep, before
// this text, each with the hash of its content; so a new shell is a new worker.
// Pages with somebody's data are never kept. The one exception is asked for by
// the shop: the till without a net, forgotten when it signs out.

const kept = `shell ${SHELL.join()}`;
const till = 'till'; // what goes when somebody signs out: the till's page, and the language of the last page
const tillPage = '/till/offline';
const stale = 10 * 60_000; // ms after which the till's page is fetched again

self.addEventListener('install', (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOld().then(() => self.clients.claim()));
});

async function fill() {
  const cache = await caches.open(kept);
  await cache.addAll(SHELL);
}

async function forgetOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== kept && name !== till).map((name) => caches.delete(name)));
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(visit(event, request, url));
  else if (request.method === 'GET' && url.pathname.startsWith('/static/') && url.searchParams.has('v')) event.respondWith(file(request));
});

// file gives a file from what is kept; its address changes with its content.
async function file(request) {
  const cache = await caches.open(kept);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

// visit goes to the net, and to what is kept only when there is none.
async function visit(event, request, url) {
  try {
    const answer = await fetch(request);
    event.waitUntil(remember(request, url, answer.headers.get('Content-Language')));
    return answer;
  } catch {
    // A form that was not sent must not be sent again by a reload.
    return request.method === 'GET' ? instead(url) : Response.redirect('/offline', 303);
  }
}

async function remember(request, url, language) {
  if (url.pathname === '/logout') {
    await caches.delete(till);
    return;
  }
  if (language) {
    const cache = await caches.open(till);
    await cache.put('/language', new Response(language));
  }
  if (url.pathname === '/till' && request.method === 'GET') await keepTill();
}

async function keepTill() {
  const cache = await caches.open(till);
  const old = await cache.match(tillPage);
  if (old && Date.now() - Date.parse(old.headers.get('Date')) < stale) return;
  const answer = await fetch(tillPage);
  if (answer.ok && !answer.redirected) await cache.put(tillPage, answer);
  else await cache.delete(tillPage);
}

async function instead(url) {
  const cache = await caches.open(till);
  const [own, language] = await Promise.all([cache.match(tillPage), cache.match('/language')]);
  if (own && url.pathname.startsWith('/till')) return own;
  const wanted = `/offline?lang=${language ? await language.text() : ''}`;
  const shell = await caches.open(kept);
  return (await shell.match(wanted)) ?? (await shell.match(SHELL.find((address) => address.startsWith('/offline')))) ?? Response.error();
}

// What somebody is told: a title without a name or an amount. A touch opens the
// messages, in a window that is open already if there is one.
self.addEventListener('push', (event) => {
  const { title, lang, tag } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { lang, tag, data: '/notices' }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openMessages(event.notification.data));
});

async function openMessages(address) {
  const [open] = await self.clients.matchAll({ type: 'window' });
  if (!open) return self.clients.openWindow(address);
  await open.focus();
  return open.navigate(address);
}
