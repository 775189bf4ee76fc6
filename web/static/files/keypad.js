// The keypad of the till: large keys for an amount. Without this script the
// field is typed into as any other.

const pad = document.getElementById('keypad');
let field = document.getElementById(pad.dataset.field);
const point = pad.dataset.point;

function press(key) {
  if (key === 'back') {
    field.value = field.value.slice(0, -1);
    return;
  }
  const [whole, decimals] = field.value.split(/[.,]/);
  if (key === 'point') {
    if (decimals === undefined) field.value = (whole || '0') + point;
    return;
  }
  if (decimals === undefined ? whole.length >= 6 : decimals.length >= 2) return;
  field.value = field.value === '0' ? key : field.value + key;
}

// The keys type into the field that was touched last.
field.form.addEventListener('focusin', ({ target }) => {
  if (target.matches('input[inputmode]')) field = target;
});

pad.addEventListener('click', (event) => {
  const key = event.target.closest('button[data-key]');
  if (key) press(key.dataset.key);
});

// The keys stand on the page, so the phone need not bring up its own over them.
if (matchMedia('(pointer: coarse)').matches) for (const input of field.form.querySelectorAll('input[inputmode]')) input.inputMode = 'none';
pad.hidden = false;
