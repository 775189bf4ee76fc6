// What every page does once it is there: it lets the worker keep the shell of
// the site for when there is no net, and forgets with the session what only its
// owner should see.

if ('serviceWorker' in navigator) {
  addEventListener('load', () => navigator.serviceWorker.register('/sw.js').catch(() => {})); // refused in private windows
}

// What can be spent now is what a telephone without a net will say was known last.
const known = document.querySelector('[data-known-at]');
if (known) {
  const { textContent } = known.querySelector('b');
  localStorage.setItem('last-known', JSON.stringify({ amount: textContent, when: known.dataset.knownAt }));
}

document.querySelector('form[action="/logout"]')?.addEventListener('submit', () => localStorage.removeItem('last-known'));
