// The page for when there is no net: it shows what was known last, if this
// telephone kept it, and tries again when the net is back.

const kept = JSON.parse(localStorage.getItem('last-known') ?? 'null');
if (kept) {
  document.getElementById('lastamount').textContent = kept.amount;
  document.getElementById('lastwhen').textContent = kept.when;
  document.getElementById('last').hidden = false;
}

// An order that got no answer goes on when the net is back: whoever paid by card
// meanwhile would pay twice.
const advice = document.getElementById('advice');
if (localStorage.getItem('grulden.pending')) advice.textContent = advice.dataset.underway;

const again = document.getElementById('again');
again.hidden = false;
again.addEventListener('click', () => location.reload());

// "Online" comes as soon as there is a network, which is not yet a way to the
// server; so while this page stands in for another, it keeps trying.
const pause = 4000; // ms
async function tryAgain() {
  if (!navigator.onLine) return;
  const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => undefined);
  if (answer?.ok) location.reload();
}
if (location.pathname !== '/offline' && navigator.serviceWorker?.controller) {
  addEventListener('online', tryAgain);
  setInterval(tryAgain, pause);
}
