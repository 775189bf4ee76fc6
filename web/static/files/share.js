// Shares or copies a link. Without this script the link stands in a field, to be
// copied by hand.

const box = document.getElementById('sharing');
const share = document.getElementById('share');
const copy = document.getElementById('copy');

if (box) {
  const { link: url, text } = box.dataset;
  if (navigator.share) {
    share.hidden = false;
    share.addEventListener('click', () => navigator.share({ text, url }).catch(() => {})); // who changes their mind shares nothing
  }
  copy.hidden = false;
  copy.addEventListener('click', async () => {
    const field = document.getElementById('link');
    field.select();
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      document.execCommand('copy');
    }
    document.getElementById('copied').hidden = false;
  });
  document.getElementById('link').addEventListener('focus', (event) => event.target.select());
}
