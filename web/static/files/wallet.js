// Goes on with a payment whose answer did not come, and tells the session on
// which phone it is.

import { isHere } from './here.js';
import { giveUp, keepOrder, pendingOrder } from './pending.js';

const wallet = document.getElementById('wallet');
const order = pendingOrder(wallet.dataset.account);

// The page of the payment goes on with it, and says how it ended. When that did
// not settle it, such as for a code that is gone by now, it is given up here.
if (order && !order.shown) {
  keepOrder({ ...order, shown: true });
  location.replace(`/P/${order.code}`);
} else if (order) {
  giveUp(order).then((answer) => {
    if (answer) keepOrder();
    if (answer?.state === 'paid') location.replace(answer.to);
  }).catch(() => {});
}

isHere(wallet).catch(() => {});
