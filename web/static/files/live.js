// The live till: shows and sounds "paid" as soon as the ledger has it. What is
// missed while the connection is gone comes afterwards, by the ledger's own
// sequence numbers. Without this script the page can be refreshed by hand.

import { audio, chime } from './chime.js';

const till = document.getElementById('till');
const { live, payment, check, left } = till.dataset;
const silence = 45_000; // the server says something every 20 seconds
let seq = Number(till.dataset.seq);
let wait = 500;
let socket; // the newest connection; older ones are no longer listened to
let watchdog;
let retry;

function connect() {
  clearTimeout(retry);
  const url = new URL(live, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('after', seq);
  const mine = new WebSocket(url);
  socket = mine;
  mine.addEventListener('open', () => {
    wait = 500;
    show('on');
    alive();
  });
  mine.addEventListener('message', (message) => {
    alive();
    const event = JSON.parse(message.data);
    seq = Math.max(seq, event.seq);
    if (event.payment) arrived(event);
  });
  mine.addEventListener('close', (event) => {
    if (mine !== socket) return;
    if (event.code === 1008) location.assign(check); // signed out, or too far behind
    else again();
  });
}

// A dead connection may never say that it is closed, so silence counts too.
function alive() {
  clearTimeout(watchdog);
  watchdog = setTimeout(restart, silence);
}

function again() {
  clearTimeout(watchdog);
  show('off');
  retry = setTimeout(connect, wait * (0.5 + Math.random()));
  wait = Math.min(wait * 2, 8000);
}

function restart() {
  clearTimeout(watchdog);
  show('off');
  const old = socket;
  connect();
  old.close();
}

function show(state) {
  const line = document.querySelector('[data-live-state]');
  if (line) line.dataset.liveState = state;
}

function arrived(event) {
  if (payment) {
    if (event.payment !== payment || till.dataset.state !== 'waiting') return;
    till.dataset.state = 'paid';
    document.querySelector('.waiting').hidden = true;
    document.getElementById('paidat').textContent = event.at;
    document.getElementById('paid').hidden = false;
    document.getElementById('next')?.focus(); // Enter goes on to the next customer
    document.title = document.querySelector('#paid h1').textContent;
    chime();
    return;
  }
  document.getElementById('incomingtext').textContent = `${event.amount} ${event.at}`;
  document.getElementById('incoming').hidden = false;
  chime();
  clearTimeout(arrived.refresh);
  arrived.refresh = setTimeout(() => location.reload(), 4000);
}

// A browser plays sound only after somebody touched the page.
const soundButton = document.getElementById('sound');

function offerSound() {
  if (audio && soundButton) soundButton.hidden = audio.state === 'running';
}

if (audio) {
  audio.addEventListener('statechange', offerSound);
  document.addEventListener('pointerdown', () => audio.resume(), { once: true });
  soundButton?.addEventListener('click', () => audio.resume().then(chime));
  setTimeout(offerSound, 300);
}

if (left) setTimeout(() => location.assign(check), Number(left) * 1000);
addEventListener('online', restart);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && socket.readyState !== WebSocket.OPEN) restart();
});
connect();
