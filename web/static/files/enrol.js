// Makes this phone a wallet: the key is made and kept here, and its public half
// goes to the server. Where that cannot be, the page says so and nothing else
// changes.

import { isHere } from './here.js';
import { findKey, makeKey, possible } from './key.js';

const form = document.getElementById('enrol');
const failed = document.getElementById('enrolfailed');
let sent = false;

async function begin() {
  const { account, devices, home } = form.dataset;
  if (await findKey(account, devices)) { // a wallet already: its session is new
    await isHere(form);
    location.replace(home);
    return;
  }
  form.hidden = false;
  document.getElementById('nokey').hidden = true;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (sent) return;
  sent = true;
  failed.hidden = true;
  try {
    const made = await makeKey(form.dataset.account, form.elements.device.value);
    form.elements.alg.value = made.alg;
    form.elements.key.value = made.key;
    form.submit();
  } catch {
    sent = false;
    failed.hidden = false;
  }
});

if (possible()) begin().catch(() => {});
