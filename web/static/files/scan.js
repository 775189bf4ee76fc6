// Reads QR codes with the camera. The browser's own reader does it where there
// is one; elsewhere ours is loaded, when the camera is asked for and not before.

const pause = 120; // ms between looks: more often only warms the telephone
const again = 2500; // ms before the same code is told a second time

// CameraError says why there is no picture: the camera is 'missing', 'refused'
// or 'busy', or the 'reader' of the codes did not come.
export class CameraError extends Error {
  constructor(why, cause) {
    super(why, { cause });
    this.why = why;
  }
}

const reasons = { NotAllowedError: 'refused', SecurityError: 'refused', NotReadableError: 'busy', AbortError: 'busy' };

// openCamera asks for the camera that looks away from the face, or for one by
// its id.
async function openCamera(id) {
  const { mediaDevices } = navigator;
  if (!mediaDevices?.getUserMedia) throw new CameraError('missing');
  const which = id ? { deviceId: { exact: id } } : { facingMode: { ideal: 'environment' } };
  try {
    return await mediaDevices.getUserMedia({ audio: false, video: { ...which, width: { ideal: 1280 }, height: { ideal: 720 } } });
  } catch (error) {
    throw new CameraError(reasons[error.name] ?? 'missing', error);
  }
}

async function openOwn() {
  if (!('BarcodeDetector' in globalThis)) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes('qr_code') ? new BarcodeDetector({ formats: ['qr_code'] }) : null;
}

async function openOurs() {
  try {
    const { openReader } = await import('./reader.js');
    return await openReader('./zxing_reader.wasm');
  } catch (error) {
    throw new CameraError('reader', error);
  }
}

// startScan shows the camera in a video element and calls onText with each QR
// code it sees. It gives a scan: stop() ends it and sets the camera free,
// ended resolves when it is over, light(on) is there where the camera has a
// lamp, and others() are the ids of the other cameras. A page that is hidden or
// left stops its scan by itself. It throws a CameraError.
export async function startScan(video, onText, id) {
  const stream = await openCamera(id);
  const [track] = stream.getVideoTracks();
  let reader, timer, over, last, lastAt;
  const ended = new Promise((resolve) => (over = resolve));
  let live = true;

  function stop() {
    live = false;
    clearTimeout(timer);
    for (const t of stream.getTracks()) t.stop();
    video.srcObject = null;
    document.removeEventListener('visibilitychange', whenHidden);
    removeEventListener('pagehide', stop);
    over();
  }

  function whenHidden() {
    if (document.hidden) stop();
  }

  async function look() {
    const codes = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await read() : [];
    if (!live) return;
    for (const { rawValue } of codes) {
      if (!rawValue || (rawValue === last && performance.now() - lastAt < again)) continue;
      [last, lastAt] = [rawValue, performance.now()];
      onText(rawValue);
    }
    if (live) timer = setTimeout(look, pause);
  }

  // Some telephones have a reader in name only: it fails when it is used.
  async function read() {
    try {
      return await reader.detect(video);
    } catch {
      if (!reader.ours) reader = await ours().catch(() => reader);
      return [];
    }
  }

  async function ours() {
    const opened = await openOurs();
    return { ours: true, detect: (picture) => opened.detect(picture) };
  }

  document.addEventListener('visibilitychange', whenHidden);
  addEventListener('pagehide', stop);
  track.addEventListener('ended', stop);
  try {
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    [reader] = await Promise.all([openOwn().then((own) => own ?? ours()), video.play().catch(() => {})]);
  } catch (error) {
    stop();
    throw error;
  }
  if (live) timer = setTimeout(look, 0);
  return {
    stop,
    ended,
    light: track.getCapabilities?.().torch ? (on) => track.applyConstraints({ advanced: [{ torch: on }] }) : null,
    others: async () => {
      const all = await navigator.mediaDevices.enumerateDevices();
      const mine = track.getSettings().deviceId;
      return all.filter((d) => d.kind === 'videoinput' && d.deviceId && d.deviceId !== mine).map((d) => d.deviceId);
    },
  };
}
