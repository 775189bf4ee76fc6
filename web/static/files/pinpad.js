// The PIN pad at a counter. Without this script the field is typed into as any
// other; with it, keys and keyboard do the same, and no digit is ever shown.

const pad = document.getElementById('pinpad');
const field = document.getElementById(pad.dataset.field);

pad.addEventListener('click', (event) => {
  const key = event.target.closest('button[data-key]')?.dataset.key;
  if (!key) return;
  if (key === 'clear') field.value = '';
  else if (key === 'back') field.value = field.value.slice(0, -1);
  else if (field.value.length < field.maxLength) field.value += key;
});

// The keys stand on the page, so the device need not bring up its own over them.
if (matchMedia('(pointer: coarse)').matches) field.inputMode = 'none';
pad.hidden = false;

// Whoever comes back by the browser's own button finds no PIN left behind.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) field.value = '';
});
