// The cards of findings and gaps: one is open and current; what is saved shows at once,
// and the list is drawn anew behind it, without the draft.
import { follow } from "../choices.js";
import { refresh, say, send } from "../send.js";

const TYPING = "textarea, select, input:not([type=radio]):not([type=checkbox])";
const WHICH = {
  open: (card) => "open" in card.dataset,
  standing: (card) => "standing" in card.dataset,
  hidden: (card) => "hidden" in card.dataset,
  file: (card) => card.dataset.at === shownFile(),
  all: () => true,
};
let current = null;
let filter = null;

export function workOnCards(root) {
  root.addEventListener("submit", ({ target }) => takeVersion(target), true);
  root.addEventListener("sent", (event) => saved(event));
  root.addEventListener("refused", ({ target, detail }) => overtaken(target, detail));
  root.addEventListener("refreshed", redrawn);
  root.addEventListener("keydown", pressed);
  root.addEventListener("change", reveal);
  root.addEventListener("pick", ({ detail }) => detail.from !== "cards" && open(cardOf(detail.finding), { tells: false }));
  root.addEventListener("chosen", () => filter === "file" && applyFilter());
  listen(root);
  begin();
}

export const side = () => document.getElementById("side");
const cards = () => [...side().querySelectorAll(".card")];
const cardOf = (finding) => document.getElementById(`card-${finding}`);
const shownFile = () => document.querySelector(".sheet:not([hidden])")?.dataset.file;

function listen(root) {
  root.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-filter]");
    if (chosen) return choose(chosen.dataset.filter);
    const again = event.target.closest("[data-again]");
    if (again) return mount(again.closest(".card"), { asked: true });
    const summary = event.target.closest(".card summary");
    if (!summary) return;
    event.preventDefault();
    const card = summary.closest(".card");
    if (card.querySelector("details").open) fold(card);
    else open(card);
  });
}

function begin() {
  const wanted = side().querySelector("[data-filter=open], [data-filter=standing]")?.dataset.filter;
  const works = "disposes" in side().dataset && cards().some(WHICH[wanted] ?? (() => false));
  choose(works ? wanted : "all");
  const first = cards().find((card) => !card.hidden && "open" in card.dataset) ?? cardOf(side().dataset.first);
  if (first && works) open(first, { scrolls: false });
}

function choose(name) {
  filter = name;
  applyFilter();
}

function applyFilter() {
  cards().forEach((card) => (card.hidden = card !== current && !WHICH[filter](card)));
  side().querySelectorAll("[data-filter]").forEach((one) => {
    one.setAttribute("aria-pressed", String(one.dataset.filter === filter));
  });
  const none = side().querySelector("[data-none]");
  if (none && cards().length) none.hidden = cards().some((card) => !card.hidden);
}

// Open a card, fold the others, and show its words in the draft.
function open(card, { scrolls = true, tells = true } = {}) {
  if (!card) return;
  if (current && current !== card) fold(current);
  current = card;
  card.hidden = false;
  card.classList.add("current");
  card.querySelector("details").open = true;
  mount(card);
  if (scrolls) card.scrollIntoView({ block: "nearest" });
  if (tells) tell(card);
}

function fold(card) {
  card.classList.remove("current");
  card.querySelector("details").open = false;
  if (current === card) current = null;
}

function tell(card) {
  const detail = { finding: card.dataset.finding, file: card.dataset.at, hidden: "hidden" in card.dataset, from: "cards" };
  document.dispatchEvent(new CustomEvent("pick", { detail }));
}

// Give the open card the form, if it waits for a word or somebody wants to change his.
function mount(card, { asked = false } = {}) {
  const template = document.getElementById("judge-form");
  const place = card.querySelector("[data-here]");
  const waits = "open" in card.dataset || (side().dataset.disposes === "office" && "standing" in card.dataset);
  if (!template || !place || place.firstElementChild || !(waits || asked)) return;
  const form = template.content.firstElementChild.cloneNode(true);
  form.action = `/api/v1/cases/${side().dataset.number}/findings/${card.dataset.finding}/disposition`;
  if (!("releasable" in card.dataset)) form.querySelector("[data-published]").remove();
  if ("state" in card.dataset && side().dataset.disposes !== "office") bar(form, "not_sensitive");
  place.append(form);
  card.querySelector("[data-again]")?.setAttribute("hidden", "");
  if (asked) form.querySelector("input[name=opinion]:not(:disabled)").focus();
}

function bar(form, opinion) {
  const field = form.querySelector(`input[value=${opinion}]`);
  field.disabled = true;
  field.closest("label").classList.add("barred");
}

// Every form here decides on what is on the screen, and so on its version.
function takeVersion(form) {
  if (form.closest?.("#side")) form.dataset.version = side().dataset.version;
}

async function saved(event) {
  const form = event.target;
  const card = form.closest(".card");
  if (!card || !side().contains(form)) return;
  side().dataset.version = form.dataset.version;
  show(card, form);
  form.remove();
  const next = following(card);
  if (next) open(next);
  else fold(card);
  (next ?? card).querySelector("summary").focus({ preventScroll: true });
  await refresh("#side", side().dataset.from);
}

function show(card, form) {
  const chosen = form.querySelector("input[name=opinion]:checked");
  const word = card.querySelector("[data-state-word]");
  word.textContent = chosen?.dataset.word ?? form.dataset.says;
  const tone = { not_sensitive: "good", must_change: "bad", uncertain: "doubt" }[chosen?.value] ?? "good";
  word.className = `state ${tone}`;
  delete card.dataset.open;
}

function following(card) {
  const all = cards();
  const after = [...all.slice(all.indexOf(card) + 1), ...all.slice(0, all.indexOf(card))];
  const waiting = filter === "standing" ? WHICH.standing : WHICH.open;
  return after.find((one) => waiting(one));
}

// Somebody else was faster: show what he did; what was typed here stays to be sent again.
async function overtaken(form, problem) {
  if (problem.status !== 412 || !side().contains(form)) return;
  await refresh("#side", side().dataset.from, { keepsTyped: true });
  say("这一件刚刚有变化，右侧已更新。请看过以后再保存一次，您填写的内容还在。", { wrong: true });
}

function redrawn() {
  const id = current?.id;
  current = id ? document.getElementById(id) : null;
  applyFilter();
  if (!current) return;
  current.classList.add("current");
  current.querySelector("details").open = true;
  mount(current);
}

function pressed(event) {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return sendCurrent(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches?.(TYPING)) return;
  if (event.key === "j" || event.key === "k") return walk(event, event.key === "j" ? 1 : -1);
  if ("123".includes(event.key)) judge(event);
}

function sendCurrent(event) {
  const form = event.target.form ?? current?.querySelector("form");
  if (!form || !side().contains(form)) return;
  event.preventDefault();
  if (!form.reportValidity()) return;
  takeVersion(form);
  void send(form);
}

// A choice unfolds phrases: the button under them stays in view.
function reveal({ target }) {
  if (target.name === "opinion") target.form.querySelector("button.main")?.scrollIntoView({ block: "nearest" });
}

function walk(event, step) {
  event.preventDefault();
  const shown = cards().filter((card) => !card.hidden);
  const at = shown.indexOf(current);
  const next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : at + step];
  if (!next) return;
  open(next);
  next.querySelector("summary").focus({ preventScroll: true });
}

function judge(event) {
  const field = current?.querySelectorAll("input[name=opinion]")[Number(event.key) - 1];
  if (!field || field.disabled) return;
  event.preventDefault();
  field.checked = true;
  follow(field.form);
  field.form.elements.reason.focus();
  reveal({ target: field });
}
