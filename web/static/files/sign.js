// Signs a form with this phone's key. The page says what is signed, all but
// the time: data-message on the form, and around it data-account, data-devices,
// data-here and data-now. The time is the server's, counted on from when the
// page came: the clock of the phone may be wrong.

import { findKey, signWith } from './key.js';

const opened = { wall: Date.now(), steady: performance.now() };

// serverNow is the time by the server's clock, in whole seconds. A phone that
// slept has stopped one of its two clocks.
export function serverNow(element) {
  const { now } = element.closest('[data-now]').dataset;
  const passed = Math.max(Date.now() - opened.wall, performance.now() - opened.steady);
  return Number(now) + Math.floor(passed / 1000);
}

// signPayment puts this phone's signature into a form, if the phone has a key
// that may sign it. It tells whether it did. A session that must sign and
// cannot is the server's to refuse.
export async function signPayment(form) {
  const { account, devices } = form.closest('[data-account]').dataset;
  const key = await findKey(account, devices);
  if (!key) return false;
  const at = serverNow(form);
  const sig = await signWith(key, `${form.dataset.message}${at}\n`);
  for (const [field, value] of Object.entries({ device: key.device, at, sig })) put(form, field, value);
  return true;
}

function put(form, name, value) {
  let field = form.elements.namedItem(name);
  if (!field) {
    field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    form.append(field);
  }
  field.value = value;
}
