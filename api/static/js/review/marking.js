// A person marks what the machine missed: words are selected, a button comes, a form asks why.
// Places are counted in characters of a passage, as the machine's report counts them.
import { side } from "./cards.js";
import { say } from "../send.js";

const LONGEST = 60;
let place = null;

export function markWords(root) {
  const button = root.getElementById("mark-here");
  root.addEventListener("selectionchange", () => offer(button));
  root.getElementById("draft")?.addEventListener("scroll", () => (button.hidden = true), { passive: true });
  button.addEventListener("click", ask);
  root.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input, textarea, select");
    if (event.key === "m" && place && !typing && !event.ctrlKey && !event.metaKey) ask();
  });
  root.addEventListener("sent", ({ target, detail }) => target.matches?.("[data-adding]") && added(detail));
}

function offer(button) {
  place = "adds" in (side()?.dataset ?? {}) ? placeOf(window.getSelection()) : null;
  button.hidden = !place;
  if (!place) return;
  const box = place.range.getBoundingClientRect();
  button.style.left = `${Math.min(Math.max(8, box.left), window.innerWidth - 120)}px`;
  button.style.top = `${Math.min(box.bottom + 6, window.innerHeight - 44)}px`;
}

// One finding lies in one passage: a longer selection ends where its first passage does.
function placeOf(selection) {
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const runs = [...document.querySelectorAll("#draft [data-p]")].filter((one) => range.intersectsNode(one) && touched(range, one));
  if (!runs.length) return null;
  const passage = runs[0].dataset.p;
  const holder = runs[0].closest("[data-lines]");
  const own = runs.filter((one) => one.dataset.p === passage && one.closest("[data-lines]") === holder);
  const last = own[own.length - 1];
  const start = Number(runs[0].dataset.s) + lettersBefore(range, runs[0]);
  const end = Number(last.dataset.s) + lettersUntil(range, last);
  if (end <= start) return null;
  const file = Number(holder.dataset.file ?? holder.closest(".sheet").dataset.file);
  const text = own.map((one) => textIn(range, one)).join("");
  return { file, passage: Number(passage), start, end, text, range: range.cloneRange(), cut: own.length < runs.length };
}

const touched = (range, run) => textIn(range, run).length > 0;
const count = (text) => [...text].length;

function textIn(range, run) {
  const text = run.textContent;
  const from = range.startContainer.parentElement === run ? range.startOffset : 0;
  const to = range.endContainer.parentElement === run ? range.endOffset : text.length;
  return text.slice(from, to);
}

function lettersBefore(range, run) {
  return range.startContainer.parentElement === run ? count(run.textContent.slice(0, range.startOffset)) : 0;
}

function lettersUntil(range, run) {
  const inside = range.endContainer.parentElement === run;
  return count(inside ? run.textContent.slice(0, range.endOffset) : run.textContent);
}

function ask() {
  const dialog = document.getElementById("add");
  if (!dialog || !place || dialog.open) return;
  const form = dialog.querySelector("form");
  ["file", "passage", "start", "end"].forEach((name) => (form.elements[name].value = place[name]));
  const letters = [...place.text];
  form.querySelector("[data-excerpt]").textContent = letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}……` : place.text;
  document.getElementById("mark-here").hidden = true;
  if (place.cut) say("一个疑点只在一段里：只标到这一段的末尾，后面的请另标一次。");
  dialog.showModal();
  form.elements.category.focus();
}

// The draft is drawn anew with the new mark; then its card is opened.
function added(said) {
  const id = said?.rounds?.at(-1)?.added?.at(-1)?.note.id;
  window.getSelection().removeAllRanges();
  const open = ({ detail }) => {
    if (detail.selector !== "main") return;
    document.removeEventListener("refreshed", open);
    document.dispatchEvent(new CustomEvent("pick", { detail: { finding: id, from: "marking" } }));
  };
  document.addEventListener("refreshed", open);
}
