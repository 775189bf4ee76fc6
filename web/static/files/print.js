// The print button of the poster. Without this script the browser's own menu
// prints the same sheet.

const button = document.getElementById('print');
button.hidden = false;
button.addEventListener('click', () => window.print());
