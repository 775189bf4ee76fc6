// Tells the server that this is a phone that signs for who is signed in, when
// the session does not know it yet. From then on the session must sign.

import { findKey } from './key.js';

// isHere gives whether this phone has a key and the session learnt of it only
// now; then the page may look otherwise than it should.
export async function isHere(element) {
  const { account, devices, here } = element.dataset;
  const key = await findKey(account, devices);
  if (!key || here === key.device) return false;
  const answer = await fetch('/devices/here', { method: 'POST', body: new URLSearchParams({ device: key.device }) });
  return answer.status === 204;
}

const list = document.getElementById('devices');
if (list) isHere(list).then((learnt) => learnt && location.reload()).catch(() => {});
