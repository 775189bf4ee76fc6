// Goes on with a payment whose answer did not come, and tells the session on
// which phone it is.

import { isHere } from './here.js';

const wallet = document.getElementById('wallet');

try {
  const order = JSON.parse(localStorage.getItem('grulden.pending'));
  if (order?.account === wallet.dataset.account) location.replace(`/P/${order.code}`);
} catch { /* a browser that keeps nothing has nothing to go on with */ }

isHere(wallet).catch(() => {});
