// Reads a sentence aloud when it is asked for. A browser that cannot speak
// shows no button.

const { speechSynthesis } = globalThis;

for (const button of speechSynthesis ? document.querySelectorAll('[data-say]') : []) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const sentence = new SpeechSynthesisUtterance(button.dataset.say);
    sentence.lang = button.lang;
    sentence.rate = 0.9; // a little slower than one talks
    speechSynthesis.cancel();
    speechSynthesis.speak(sentence);
  });
}
