// Sends a confirmed payment, and keeps asking until it is known what became of
// it. The payer confirms once. The same order, with the same id and signature,
// may arrive any number of times and pays at most once; when two minutes have
// passed, the attempt is given up at the server, and only then the page says
// "not paid". Without this script the form is sent by the browser as any other.

import { isHere } from './here.js';
import { ask, giveUp, keepOrder, pendingOrder } from './pending.js';
import { signPayment } from './sign.js';

const pay = document.getElementById('pay');
const form = document.getElementById('confirm');
const { account, code } = pay.dataset;

const patience = 110; // seconds during which the order is sent again; the server takes it for 120
const calmAfter = 1500; // ms until the page says that it is checking
const pause = 2000; // ms between two questions

function show(phase) {
  for (const id of ['asking', 'checking', 'notpaid']) document.getElementById(id).hidden = id !== phase;
  pay.dataset.phase = phase === 'asking' ? '' : phase;
  if (phase !== 'asking') document.title = document.querySelector(`#${phase} h1`).textContent;
}

function next(order) {
  const age = (Date.now() - order.confirmed) / 1000;
  if (age >= patience || age < 0) return giveUp(order);
  if (order.fields) return ask(`/P/${code}`, order.fields);
  return ask(`/P/${code}/state?payment=${order.payment}`);
}

const wake = { sooner: () => {} };

function wait() {
  return new Promise((resolve) => {
    wake.sooner = resolve;
    setTimeout(resolve, pause);
  });
}

// settle asks until there is an answer, and shows it.
async function settle(order) {
  for (;;) {
    const answer = await next(order).catch(() => undefined);
    if (answer?.state === 'paid') {
      keepOrder();
      location.replace(answer.to);
      return;
    }
    if (answer?.state === 'signedout') {
      location.assign(`/P/${code}`); // the order is kept, and goes on after signing in
      return;
    }
    if (answer?.state === 'stopped' || answer?.state === 'refused') {
      keepOrder();
      refused(answer);
      return;
    }
    await wait();
  }
}

// refused shows that nothing was paid. What the payer can mend is asked again.
function refused(answer) {
  if (answer.code === 'pin-needed') {
    location.replace(document.getElementById('again').href);
    return;
  }
  if (answer.code === 'wrong-pin' && form) {
    show('asking');
    const said = document.getElementById('saidno');
    said.querySelector('span').textContent = answer.text;
    said.hidden = false;
    form.removeAttribute('aria-busy');
    form.elements.pin.value = '';
    form.elements.pin.focus();
    return;
  }
  show('notpaid');
  const why = document.querySelector('#notpaid .why');
  why.textContent = answer.text ?? '';
  why.hidden = !answer.text;
}

async function confirm(event) {
  event.preventDefault();
  if (form.getAttribute('aria-busy') === 'true') return;
  form.setAttribute('aria-busy', 'true');
  await signPayment(form).catch(() => false);
  const fields = Object.fromEntries(new FormData(form));
  const order = { account, code, payment: fields.payment, attempt: fields.attempt, confirmed: Date.now() };
  keepOrder(fields.pin ? order : { ...order, fields });
  const calm = setTimeout(show, calmAfter, 'checking');
  await settle({ ...order, fields });
  clearTimeout(calm);
}

addEventListener('online', () => wake.sooner());
document.addEventListener('visibilitychange', () => wake.sooner());

const order = pendingOrder(account);
if (order?.code === code) {
  show('checking');
  settle(order);
} else {
  form?.addEventListener('submit', confirm);
  isHere(pay).then((learnt) => {
    if (learnt && !form) location.reload(); // the phone may pay what the card may not
  }).catch(() => {});
}
