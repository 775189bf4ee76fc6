// The print button of a page that is meant for paper. Without this script the
// browser's own menu prints the same sheet.

const button = document.getElementById('print');

if (button) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
