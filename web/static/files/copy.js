// Copies one field for the bank's app. Without this script the same text stands
// on the page, to be read or selected.

const told = document.getElementById('copied');

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    told.hidden = true;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      told.hidden = false;
    } catch {
      getSelection().selectAllChildren(button.parentElement.querySelector('dd'));
    }
  });
}
