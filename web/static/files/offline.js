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
if (location.pathname !== '/offline') addEventListener('online', () => location.reload());
