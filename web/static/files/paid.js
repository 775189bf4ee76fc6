// The paid screen counts how long ago the payment was, so that a picture of
// it stands still and shows what it is. Only the words for the time change
// here; without this script they stay as they were when the page was made.

import { keepOrder, pendingOrder } from './pending.js';

const receipt = document.getElementById('receipt');
const ago = document.getElementById('ago');
const opened = performance.now();

function tick() {
  const seconds = Number(ago.dataset.age) + Math.floor((performance.now() - opened) / 1000);
  const minutes = Math.floor(seconds / 60);
  const [count, one, many] = minutes > 0
    ? [minutes, ago.dataset.minute, ago.dataset.minutes]
    : [seconds, ago.dataset.second, ago.dataset.seconds];
  if (count > 0) ago.textContent = count === 1 ? one : many.replace('{count}', count);
}

if (ago) setInterval(tick, 250);

// The order that led here waits for no answer any more.
if (pendingOrder(receipt.dataset.account)?.payment === receipt.dataset.payment) keepOrder();
