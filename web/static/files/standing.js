// Has this phone sign a payment that comes again, where it has a key. Without
// this script the PIN is what counts.

import { signPayment } from './sign.js';

const form = document.getElementById('mandate');
let signed = false;

form.addEventListener('submit', async (event) => {
  if (signed) return;
  event.preventDefault();
  await signPayment(form).catch(() => false);
  signed = true;
  form.requestSubmit();
});
