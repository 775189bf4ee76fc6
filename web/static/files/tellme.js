// Has this browser told of messages, if it can and its owner allows it. Without
// this script the page says that it cannot.

const form = document.getElementById('tellhere');
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));

async function subscribe() {
  const worker = await navigator.serviceWorker.ready;
  const key = bytes(form.dataset.key);
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  form.elements.endpoint.value = endpoint;
  form.elements.p256dh.value = keys.p256dh;
  form.elements.auth.value = keys.auth;
}

if (form?.dataset.key && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window) {
  form.hidden = false;
  document.getElementById('cannot').hidden = true;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      if ((await Notification.requestPermission()) !== 'granted') throw new Error('refused');
      await subscribe();
      form.submit();
    } catch {
      document.getElementById('refused').hidden = false;
    }
  });
}
