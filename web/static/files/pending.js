// The order that waits for its answer, in localStorage: it outlives a page and
// a closed tab. A PIN is never kept in it.

const kept = 'grulden.pending';

// pendingOrder gives the order of a payer that waits, or undefined.
export function pendingOrder(account) {
  try {
    const order = JSON.parse(localStorage.getItem(kept));
    return order?.account === account ? order : undefined;
  } catch {
    return undefined;
  }
}

// keepOrder keeps an order, or forgets it when there is none.
export function keepOrder(order) {
  try {
    if (order) localStorage.setItem(kept, JSON.stringify(order));
    else localStorage.removeItem(kept);
  } catch { /* a browser that keeps nothing still pays */ }
}

const answerWithin = 8000; // ms

// ask sends one question about an order and gives the answer, or undefined when
// there is none that says anything for good.
export async function ask(address, fields) {
  const end = new AbortController(); // AbortSignal.timeout is too new for an old phone
  const late = setTimeout(() => end.abort(), answerWithin);
  const options = { headers: { Accept: 'application/json' }, redirect: 'manual', signal: end.signal };
  if (fields) Object.assign(options, { method: 'POST', body: new URLSearchParams(fields) });
  try {
    const answer = await fetch(address, options);
    if (answer.type === 'opaqueredirect') return { state: 'signedout' };
    if (answer.status >= 500 || !answer.headers.get('Content-Type')?.startsWith('application/json')) return undefined;
    return await answer.json();
  } finally {
    clearTimeout(late);
  }
}

// giveUp asks the server to take an order no more, and hears whether it paid.
export function giveUp({ code, payment, attempt }) {
  return ask(`/P/${code}/stop`, { payment, attempt });
}
