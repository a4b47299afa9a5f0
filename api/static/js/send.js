// Forms that say where they go in their markup. A change is sent to the interface and
// never to a page: the rules are asked in one place. Nothing typed is lost on a refusal.
//
//   <form action="/api/v1/…" data-send="put" data-version="7" data-then="refresh">
//
// data-send     the method
// data-as       "json" (unless said otherwise) or "form" (with files)
// data-version  the version seen, sent as If-Match; follows the answer's ETag
// data-then     "refresh": draw what changed; "stay": nothing; else an address, in which
//               {name} is taken from the answer
// data-ask      a question that is asked before
// data-done     what is said when it is done
//
// In JSON a field is text, and left out when empty. data-type makes something else of it:
// "number", "boolean", "day-time", "lines" (a list, one a line), "list" (of all fields of that
// name), "json" (what a page's script put there), "text" (sent when empty, too: it takes away
// what was there).
import { Idiomorph } from "../vendor/idiomorph.js";

const LOST = "网络中断，没有收到回答。您填写的内容还在，请稍后再按一次，不会重复办理。";

export function sendForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.send) return;
    event.preventDefault();
    void send(form, event.submitter);
  });
}

export async function send(form, button) {
  if (form.dataset.sending || !allowed(form, button)) return;
  form.dataset.sending = "yes";
  form.querySelectorAll("button").forEach((one) => (one.disabled = true));
  clearProblem(form);
  try {
    const answer = await ask(form, button);
    if (answer.ok) await done(form, answer);
    else await refused(form, answer);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    showProblem(form, { detail: LOST });
  } finally {
    delete form.dataset.sending;
    form.querySelectorAll("button").forEach((one) => (one.disabled = false));
  }
}

function allowed(form, button) {
  const question = button?.dataset.ask || form.dataset.ask;
  return !question || window.confirm(question);
}

async function ask(form, button) {
  const fields = new FormData(form);
  if (button?.name) fields.append(button.name, button.value);
  const method = form.dataset.send.toUpperCase();
  const isForm = form.dataset.as === "form";
  const options = { method, isForm, version: form.dataset.version, key: keyOf(form) };
  if (method !== "DELETE") options.body = isForm ? fields : jsonOf(form, fields, button);
  return call(button?.formAction && button.hasAttribute("formaction") ? button.formAction : form.action, options);
}

// One request to the interface; `body` is FormData or a plain value.
export async function call(address, options = {}) {
  const answer = await callOnce(address, options);
  if (answer.status !== 403) return answer;
  const problem = await answer.clone().json().catch(() => ({}));
  return problem.code === "csrf" && (await renewToken()) ? callOnce(address, options) : answer;
}

// Whoever signed in again in another window has a new session, and this page the old
// one's token. The new one is taken only if it is the same person's.
export async function renewToken() {
  const known = document.querySelector("meta[name=csrf]");
  const answer = await fetch("/api/v1/session", { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!known || !answer.ok) return false;
  const session = await answer.json();
  if (session.person !== known.dataset.person) return false;
  known.content = session.csrf;
  return true;
}

function callOnce(address, { method = "GET", body, isForm = false, version, key }) {
  const headers = { Accept: "application/json", "X-CSRF-Token": csrf() };
  if (version) headers["If-Match"] = `"${version}"`;
  if (key) headers["Idempotency-Key"] = key;
  if (body !== undefined && !isForm) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  return fetch(address, { method, headers, body, credentials: "same-origin" });
}

export function csrf() {
  return document.querySelector("meta[name=csrf]")?.content ?? "";
}

// The same press, sent again after the network broke, carries the same key; whatever
// was changed meanwhile is another request.
const keys = new WeakMap();
function keyOf(form) {
  const typed = [...new FormData(form)].map(([name, value]) => `${name}=${value.name ?? value}`).join("\n");
  const known = keys.get(form);
  if (known?.typed === typed) return known.key;
  const key = newKey();
  keys.set(form, { typed, key });
  return key;
}

export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

export function jsonOf(form, fields, button) {
  const said = {};
  for (const name of new Set(fields.keys())) {
    const values = fields.getAll(name);
    const type = typeOf(form, name, button);
    if (type === "list") said[name] = values.filter((one) => one !== "");
    else if (values[0] !== "" || type === "text") said[name] = converted(values[values.length - 1], type);
  }
  form.querySelectorAll("input[type=checkbox][data-type=boolean]").forEach((box) => (said[box.name] = box.checked));
  return said;
}

function typeOf(form, name, button) {
  if (button?.name === name) return button.dataset.type;
  const field = form.elements.namedItem(name); // not [name]: a field may be called "item"
  const first = field instanceof RadioNodeList ? field[0] : field;
  return first?.dataset.type;
}

function converted(value, type) {
  if (type === "number") return Number(value);
  if (type === "json") return JSON.parse(value);
  if (type === "boolean") return value === "true";
  if (type === "day-time") return `${value.length === 16 ? `${value}:00` : value}+08:00`;
  if (type === "lines") return value.split(/\r?\n/).map((one) => one.trim()).filter(Boolean);
  return value;
}

async function done(form, answer) {
  keys.delete(form);
  const tag = answer.headers.get("ETag");
  const said = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (tag) form.dataset.version = tag.replaceAll('"', "");
  const event = new CustomEvent("sent", { bubbles: true, cancelable: true, detail: said });
  if (!form.dispatchEvent(event)) return;
  if (form.dataset.done) say(form.dataset.done);
  const then = form.dataset.then ?? "refresh";
  if (then === "stay") return;
  if (then === "refresh") await refresh();
  else location.assign(then.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(said?.[name] ?? "")));
}

async function refused(form, answer) {
  const problem = await answer.json().catch(() => ({ detail: "没有办成，请稍后再试。" }));
  form.dispatchEvent(new CustomEvent("refused", { bubbles: true, detail: { status: answer.status, ...problem } }));
  showProblem(form, withAdvice(problem));
}

// Whoever must sign in again does so beside the form, so that nothing typed is lost.
export function withAdvice(problem) {
  if (problem.code !== "not_signed_in") return problem;
  return { ...problem, detail: `${problem.detail}（请在另一个窗口登录后，回到这里再按一次，填写的内容还在。）` };
}

// Draw the page anew where it changed; what has the focus, what is typed and what a
// script keeps (data-keep) stays. A part of a page may have an address of its own. After a
// refusal everything that was typed is kept.
export async function refresh(selector = "main", address = location.href, { keepsTyped = false } = {}) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (answer.redirected) return location.assign(answer.url);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const here = document.querySelector(selector);
  const there = fresh.querySelector(selector);
  if (!here || !there) return location.reload();
  // An answer that a later step has overtaken draws nothing.
  if (Number(there.dataset.version) < Number(here.dataset.version)) return;
  const mayMorph = (node) => isFree(node) && !(keepsTyped && (isTyped(node) || isSaid(node)));
  const callbacks = { beforeAttributeUpdated: keepOpen, beforeNodeMorphed: mayMorph, beforeNodeRemoved: isFree };
  const typed = keepsTyped ? typedIn(here) : [];
  Idiomorph.morph(here, there, { ignoreActiveValue: isTyping(), callbacks });
  typed.forEach(writeAgain);
  document.dispatchEvent(new CustomEvent("refreshed", { detail: { selector } }));
}

// A form around which much has changed may have become another, with empty fields.
function typedIn(root) {
  const fields = [...root.querySelectorAll("form textarea, form input:not([type])")].filter(isTyped);
  return fields.map(({ form, name, value }) => ({ action: form.action, name, value }));
}

function writeAgain({ action, name, value }) {
  const form = [...document.forms].find((one) => one.action === action);
  const field = form?.elements[name];
  if (field instanceof HTMLElement) field.value = value;
}

// What went wrong is read after the page was drawn anew.
function isSaid(node) {
  return node.dataset?.problem !== undefined && !node.hidden;
}

function isFree(node) {
  return node.dataset?.keep === undefined;
}

// Only where somebody types does what is there stay; a button that has the focus may have
// become another.
function isTyping() {
  return document.activeElement?.matches("input, textarea, select, [contenteditable]") ?? false;
}

function isTyped(node) {
  if (node.matches?.("input[type=radio], input[type=checkbox]")) return node.checked !== node.defaultChecked;
  if (node.matches?.("select")) return [...node.options].some((one) => one.selected !== one.defaultSelected);
  return Boolean(node.matches?.("input, textarea")) && node.value !== node.defaultValue;
}

function keepOpen(name, node) {
  return !(name === "open" && (node.localName === "details" || node.localName === "dialog"));
}

export function say(text, { wrong = false } = {}) {
  const place = document.getElementById("said");
  place.classList.toggle("wrong", wrong);
  place.textContent = text;
  window.clearTimeout(say.timer);
  say.timer = window.setTimeout(() => (place.textContent = ""), wrong ? 10_000 : 4_000);
}

export function showProblem(form, problem) {
  const place = form.querySelector("[data-problem]");
  const named = (problem.errors ?? []).filter((one) => !mark(form, one));
  const text = [problem.detail, ...named.map((one) => `${one.field}：${one.message}`)].join("\n");
  if (!place) return say(text, { wrong: true });
  place.textContent = text;
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
}

function mark(form, error) {
  const fields = form.elements;
  const field = fields.namedItem(error.field) ?? fields.namedItem(error.field.split(".").pop());
  if (!(field instanceof HTMLElement)) return false;
  field.setAttribute("aria-invalid", "true");
  const note = document.createElement("span");
  note.className = "field-problem";
  note.textContent = error.message;
  field.insertAdjacentElement("afterend", note);
  return true;
}

export function clearProblem(form) {
  form.querySelectorAll("[data-problem]").forEach((one) => (one.hidden = true));
  form.querySelectorAll(".field-problem").forEach((one) => one.remove());
  form.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
}
