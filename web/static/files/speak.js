// Reads the main sentence of a page aloud, in the language of the page, when
// somebody asks for it. Where a browser cannot speak there is no button.

const voice = globalThis.speechSynthesis;
const { content } = document.getElementById('speaker');
const { lang } = document.documentElement;

if (voice) {
  for (const element of document.querySelectorAll('[data-speak]')) offer(element);
  addEventListener('pagehide', () => voice.cancel());
}

// offer puts a button beside an element. What is said is the value of its
// data-speak, or else the words in it.
function offer(element) {
  const box = document.createElement('div');
  box.className = 'spoken';
  element.replaceWith(box);
  box.append(element, content.cloneNode(true));
  const button = box.lastElementChild;
  button.addEventListener('click', () => (button.classList.contains('speaking') ? voice.cancel() : say(element, button)));
}

function say(element, button) {
  voice.cancel();
  const words = new SpeechSynthesisUtterance(element.dataset.speak || element.innerText);
  words.lang = lang;
  words.voice = voice.getVoices().find((v) => v.lang.replace('_', '-').toLowerCase().startsWith(lang)) ?? null;
  words.rate = 0.9;
  const done = () => button.classList.remove('speaking');
  words.addEventListener('end', done);
  words.addEventListener('error', done);
  button.classList.add('speaking');
  voice.speak(words);
}
