// Passkeys: makes one, or shows one to sign in. A form with data-passkey asks
// the server for the question, the browser for the answer, and then is sent as
// any other form. Without this script such forms stay hidden.

const fromText = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

// Browsers can turn the server's JSON into what they want and back, but not
// all of them, so it is done here.
const withBytes = (list) => (list ?? []).map((item) => ({ ...item, id: fromText(item.id) }));

async function make(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: fromText(options.challenge),
      user: { ...options.user, id: fromText(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    },
  });
  return answer(made, {
    attestationObject: toText(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function show(options) {
  const shown = await navigator.credentials.get({
    publicKey: { ...options, challenge: fromText(options.challenge), allowCredentials: withBytes(options.allowCredentials) },
  });
  const { authenticatorData, signature, userHandle } = shown.response;
  return answer(shown, {
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : undefined,
  });
}

function answer(credential, response) {
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: {},
    response: { ...response, clientDataJSON: toText(credential.response.clientDataJSON) },
  });
}

async function ask(form) {
  const { passkey, options } = form.dataset;
  const answered = await fetch(options, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  const kind = answered.headers.get('Content-Type') ?? '';
  if (!answered.ok || !kind.startsWith('application/json')) {
    throw new Refused(kind.startsWith('text/plain') ? await answered.text() : form.dataset.fault);
  }
  const question = await answered.json();
  return passkey === 'new' ? make(question) : show(question);
}

class Refused extends Error {}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) break;
  form.hidden = false;
  const problem = form.querySelector('[role=alert]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      form.elements.answer.value = await ask(form);
      form.submit();
    } catch (error) {
      problem.textContent = error instanceof Refused ? error.message : form.dataset.fault;
      problem.hidden = false;
    }
  });
}
