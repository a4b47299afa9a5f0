// How far the machine is, as the server tells it. The browser asks again by itself when
// the connection breaks; what is shown is always the server's word, so a reload loses nothing.
import { refresh } from "./send.js";

const ASK_AGAIN = 5_000;
const place = document.getElementById("progress");
if (place) listen(place);

function listen(place) {
  const words = JSON.parse(place.querySelector("[data-words]").textContent);
  const source = new EventSource(place.dataset.progress);
  source.addEventListener("progress", ({ data }) => show(place, words, JSON.parse(data)));
  source.addEventListener("done", () => {
    source.close();
    void refresh();
  });
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return;
    // Refused, not broken: the page itself knows what to do, as to sign in again.
    window.setTimeout(() => location.reload(), ASK_AGAIN);
  });
}

// The title is examined first, as a file of its own; people count from the body.
function show(place, words, { stage, file: at, files: count, page, pages }) {
  const [file, files] = [at - 1, count - 1];
  const said = place.querySelector("[data-stage]");
  if (said.textContent !== words[stage]) said.textContent = words[stage] ?? "";
  const where = [];
  if (files > 1 && file > 0) where.push(`第 ${file} / ${files} 个文件`);
  if (pages > 1) where.push(`第 ${page} / ${pages} 页`);
  place.querySelector("[data-where]").textContent = where.join("，");
  fill(place.querySelector("[data-bar]"), file, files, page, pages);
}

// Each file is one part of the whole; within it, its pages.
function fill(bar, file, files, page, pages) {
  if (files < 1) return bar.removeAttribute("value");
  const within = pages ? page / pages : 0;
  bar.max = files;
  bar.value = Math.min(files, Math.max(0, file - 1) + within);
}
