// Shows how far a list of payments is, by asking for the page again. Without
// this script there is a link that does so.

async function look() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById('batch');
    if (answer.ok && fresh) document.getElementById('batch').replaceWith(fresh);
  } catch {
    // no net for a moment: it is asked again
  }
  if (document.getElementById('batch').dataset.state === 'running') setTimeout(look, 1500);
}

setTimeout(look, 1000);
