// Finds people while their name is typed. Without this script the button does.

for (const form of document.querySelectorAll('[data-find]')) {
  const field = form.querySelector('[name=q]');
  let timer, asked;

  field.addEventListener('input', () => {
    clearTimeout(timer);
    if (field.value.includes('/')) return; // a scanner is typing a card: it presses Enter itself
    timer = setTimeout(look, 150);
  });

  async function look() {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`${form.action}?q=${encodeURIComponent(field.value)}`, { signal: asked.signal });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById(form.dataset.find);
      if (answer.ok && fresh) document.getElementById(form.dataset.find).replaceChildren(...fresh.childNodes);
    } catch {
      // overtaken by the next letter, or no net: the button is still there
    }
  }
}
