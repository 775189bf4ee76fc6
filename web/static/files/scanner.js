// The scanner on a page: a button, the picture of the camera, and words when
// there is none. A code of ours goes into the page's field for codes and is
// sent; a page with a plan of its own listens for "scan" and prevents that.
// Without this script the code is typed.

import { CameraError, startScan } from './scan.js';

// What looks like ours; whether it is, the server knows.
const ours = [/^https?:\/\/[^/]+\/[pc]\/[\w-]+\/?$/i, /^[\da-z]{5}[- ]?[\da-z]{5}$/i];

for (const box of document.querySelectorAll('[data-scan]')) prepare(box);

function prepare(box) {
  const part = (name) => box.querySelector(`[data-scan-${name}]`);
  const [begin, view, end, light, other, said] = ['begin', 'view', 'end', 'light', 'other', 'said'].map(part);
  const video = box.querySelector('video');
  let scan, opening;

  async function start(id) {
    if (opening) return;
    opening = true;
    scan?.stop();
    say();
    begin.hidden = true;
    view.hidden = false;
    try {
      scan = await startScan(video, seen, id);
    } catch (error) {
      show(false);
      say(error instanceof CameraError ? error.why : 'reader');
      return;
    } finally {
      opening = false;
    }
    const mine = scan;
    mine.ended.then(() => mine === scan && show(false));
    light.hidden = !mine.light;
    light.setAttribute('aria-pressed', 'false');
    const others = await mine.others();
    other.hidden = others.length === 0;
    other.dataset.camera = others[0] ?? '';
  }

  function show(on) {
    view.hidden = !on;
    begin.hidden = on;
  }

  function say(why) {
    said.hidden = !why;
    said.lastElementChild.textContent = why ? box.dataset[why] : '';
  }

  function seen(text) {
    if (!ours.some((pattern) => pattern.test(text.trim()))) {
      say('foreign');
      return;
    }
    scan.stop();
    navigator.vibrate?.(60);
    const event = new CustomEvent('scan', { bubbles: true, cancelable: true, detail: text.trim() });
    if (!box.dispatchEvent(event)) return;
    const field = document.querySelector('[data-scan-into]');
    field.value = text.trim();
    field.form.requestSubmit();
  }

  begin.addEventListener('click', () => start());
  end.addEventListener('click', () => {
    scan?.stop();
    begin.focus();
  });
  other.addEventListener('click', () => start(other.dataset.camera));
  light.addEventListener('click', () => {
    const on = light.getAttribute('aria-pressed') !== 'true';
    light.setAttribute('aria-pressed', on);
    scan.light(on);
  });
  box.hidden = false;
  // Who said yes to the camera before need not press once more.
  navigator.permissions?.query({ name: 'camera' }).then(
    ({ state }) => state === 'granted' && !document.hidden && 'scanNow' in box.dataset && start(),
    () => {},
  );
}
