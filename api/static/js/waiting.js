// Work that a page waits for (data-waits): the page is drawn anew until it is there. What
// the server says is what is shown, so that leaving and coming back loses nothing.
import { refresh } from "./send.js";

const OFTEN = 2_000;
const SELDOM = 15_000;
const PATIENCE = 60_000;

let since = 0;
let timer = 0;

function wait() {
  window.clearTimeout(timer);
  if (!document.querySelector("[data-waits]")) {
    since = 0;
    return;
  }
  since = since || Date.now();
  const pause = Date.now() - since < PATIENCE ? OFTEN : SELDOM;
  timer = window.setTimeout(() => void look(), pause);
}

async function look() {
  // A page that nobody looks at need not ask.
  if (document.hidden) return wait();
  try {
    await refresh();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  wait();
}

document.addEventListener("refreshed", wait);
wait();
