// The sound of a payment that came in.

export const audio = window.AudioContext ? new AudioContext() : null;

export function chime() {
  if (!audio || audio.state !== 'running') return;
  [[880, 0], [1174.66, 0.14], [1760, 0.28]].forEach(([pitch, after]) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const start = audio.currentTime + after;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.4, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.35);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.4);
  });
}
