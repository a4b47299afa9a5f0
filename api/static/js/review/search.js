// Searching the open file: how often, and from one place to the next. On page pictures the
// page is shown that the words stand on.
import { showsPages } from "./pages.js";

const MOST = 500;
let found = [];
let at = -1;
let sought = "";

export function searchDraft(root) {
  const form = root.querySelector("[data-search]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    step(1);
  });
  form.querySelector("[data-previous]").addEventListener("click", () => step(-1));
  root.getElementById("seek").addEventListener("input", () => look());
  root.addEventListener("chosen", ({ target }) => target.closest(".left") && look());
}

// Spaces count for nothing: words are often set wide.
const squeezed = (text) => text.replace(/\s+/g, "").toLowerCase();

function look() {
  sought = squeezed(document.getElementById("seek").value);
  at = -1;
  found = sought ? [...lines()].flatMap((line) => placesIn(line)).slice(0, MOST) : [];
  light();
  tell();
}

const lines = () => document.querySelectorAll(".sheet:not([hidden]) [data-line]");

function placesIn(line) {
  const letters = lettersOf(line);
  const text = letters.map((one) => one.letter).join("");
  const places = [];
  for (let from = text.indexOf(sought); from >= 0; from = text.indexOf(sought, from + sought.length)) {
    places.push({ line, first: letters[from], last: letters[from + sought.length - 1] });
  }
  return places;
}

function lettersOf(line) {
  const letters = [];
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    [...node.data].reduce((offset, letter) => {
      if (letter.trim()) letters.push({ letter: letter.toLowerCase(), node, offset, end: offset + letter.length });
      return offset + letter.length;
    }, 0);
  }
  return letters;
}

function step(by) {
  if (squeezed(document.getElementById("seek").value) !== sought) look();
  if (!found.length) return tell();
  at = (at + by + found.length + (at < 0 && by < 0 ? 1 : 0)) % found.length;
  const place = found[at];
  if (showsPages()) toPage(place.line);
  else place.first.node.parentElement.scrollIntoView({ block: "center" });
  light();
  tell();
}

function rangeOf({ first, last }) {
  const range = new Range();
  range.setStart(first.node, first.offset);
  range.setEnd(last.node, last.end);
  return range;
}

// Older browsers know no highlights: there the place is selected.
function light() {
  const here = at >= 0 ? rangeOf(found[at]) : null;
  if (window.Highlight && CSS.highlights) {
    CSS.highlights.set("seek", new Highlight(...found.map(rangeOf)));
    CSS.highlights.set("sought", here ? new Highlight(here) : new Highlight());
  } else if (here && !showsPages()) {
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(here);
  }
}

function toPage(line) {
  const number = /第(\d+)页/.exec(line.closest("[data-where]")?.dataset.where ?? "")?.[1];
  document.querySelectorAll(".page.sought").forEach((one) => one.classList.remove("sought"));
  const page = document.querySelector(`.sheet:not([hidden]) .page[data-page="${number}"]`);
  page?.classList.add("sought");
  page?.scrollIntoView({ block: "start" });
}

function tell() {
  const many = found.length === MOST ? `${MOST} 处以上` : `${found.length} 处`;
  const text = !sought ? "" : !found.length ? "没有找到" : at < 0 ? many : `第 ${at + 1} / ${many}`;
  document.querySelector("[data-found]").textContent = text;
}
