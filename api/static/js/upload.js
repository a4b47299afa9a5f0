// A draft is handed in: its files with what the form says, in one request whose progress
// is shown. Nothing is sent before the button is pressed, and nothing is kept after.
import { clearProblem, csrf, newKey, renewToken, showProblem, withAdvice } from "./send.js";
import { FileList, sizeOf } from "./upload_files.js";
import { marksInName, marksInText, marksOf } from "./upload_marks.js";

const LOST = "网络中断，没有传完。选好的文件和填写的内容还在，请稍后再按一次，不会重复送审。";
const LONGEST_GUESS = 100;

export function begin(form, dropped = []) {
  const limits = JSON.parse(form.querySelector("[data-limits]").textContent);
  const state = { form, limits, mode: "files", marks: new Map(), key: null, titled: form.elements.title.value !== "" };
  state.files = new FileList(form, limits, () => changed(state));
  chooseMode(state);
  takeFiles(state);
  followFields(state);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(state);
  });
  if (dropped.length) void add(state, dropped);
}

function changed(state) {
  touched(state);
  state.form.querySelector("#by-files").classList.toggle("some", state.files.count > 0);
  guessTitle(state);
  showMarks(state);
}

// Whatever changed makes another request of it, and what was wrong before may be right now.
function touched(state) {
  state.key = null;
  state.form.querySelector("[data-problem]").hidden = true;
}

// --- how the body comes: as a file, or pasted ---

function chooseMode(state) {
  const tabs = [...state.form.querySelectorAll("[data-mode]")];
  const choose = (tab) => {
    state.mode = tab.dataset.mode;
    tabs.forEach((one) => one.setAttribute("aria-pressed", String(one === tab)));
    const pasted = state.mode === "text";
    state.form.querySelector("#by-text").hidden = !pasted;
    state.form.querySelector("[data-drop-word]").textContent = pasted ? "选择附件，或拖到这里" : "选择文件，或拖到这里";
    state.form.querySelector("[data-drop-order]").textContent = pasted ? "都作为附件" : "第一个是正文，其余是附件";
    state.files.hasBody = !pasted;
    state.files.draw();
    changed(state);
  };
  tabs.forEach((tab) => tab.addEventListener("click", () => choose(tab)));
}

function takeFiles(state) {
  const input = state.form.querySelector("#files");
  const field = state.form.querySelector("[data-take]");
  input.addEventListener("change", () => {
    void add(state, [...input.files]);
    input.value = "";
  });
  // Wherever they are dropped: beside the field, the browser would open the file instead.
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    field.classList.add("over");
  });
  document.addEventListener("dragleave", () => field.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    field.classList.remove("over");
    if (state.form.isConnected && event.dataTransfer.files.length) void add(state, [...event.dataTransfer.files]);
  });
}

async function add(state, files) {
  state.files.add(files);
  for (const file of files) {
    const found = [...marksInName(file.name, state.limits.levels), ...(await marksOf(file, state.limits.levels))];
    if (found.length) state.marks.set(file, found);
  }
  showMarks(state);
}

// --- what can be filled in, and the warning ---

function followFields(state) {
  const { form } = state;
  form.addEventListener("input", (event) => {
    touched(state);
    event.target.removeAttribute("aria-invalid");
    if (event.target.name === "title") state.titled = event.target.value !== "";
    if (event.target.name === "text") changed(state);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "source") form.querySelector("[data-origin]").hidden = event.target.value === "own";
    if (event.target.name === "channels") form.querySelector("[data-channels]").removeAttribute("aria-invalid");
  });
}

function guessTitle(state) {
  if (state.titled) return;
  const title = state.form.elements.title;
  const first = state.files.all[0]?.name.replace(/\.[^.]*$/, "") ?? "";
  const line = state.form.elements.text.value.split(/\r?\n/).map((one) => one.trim()).find(Boolean) ?? "";
  title.value = (state.mode === "text" ? line : first).slice(0, LONGEST_GUESS);
}

function showMarks(state) {
  const found = state.files.all.flatMap((file) => (state.marks.get(file) ?? []).map((mark) => `${file.name}：${mark}`));
  if (state.mode === "text") found.push(...marksInText(state.form.elements.text.value, state.limits.levels).map((mark) => `粘贴的文字：${mark}`));
  const place = state.form.querySelector("[data-marked]");
  const told = found.join("\n");
  if (place.dataset.told === told) return;
  place.dataset.told = told;
  place.hidden = found.length === 0;
  // What he was sure of was something else.
  place.querySelector("[data-sure]").checked = false;
  place.querySelector("[data-marks]").replaceChildren(...found.map((one) => {
    const line = document.createElement("li");
    line.textContent = one;
    return line;
  }));
}

// --- sending ---

function send(state) {
  const { form } = state;
  clearProblem(form);
  const wrong = mistakes(state);
  if (wrong.length) return showProblem(form, { detail: wrong.join("\n") });
  const body = said(state);
  const request = new XMLHttpRequest();
  state.key ??= newKey();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRF-Token", csrf());
  request.setRequestHeader("Idempotency-Key", state.key);
  if (form.dataset.version) request.setRequestHeader("If-Match", `"${form.dataset.version}"`);
  const stop = sending(state, request);
  request.addEventListener("load", () => stop(() => answered(state, request)));
  request.addEventListener("error", () => stop(() => showProblem(form, { detail: LOST })));
  request.addEventListener("abort", () => stop(() => showProblem(form, { detail: "已停止上传，没有送审。" })));
  request.send(body);
}

function mistakes({ form, files, mode }) {
  const wrong = [];
  if (mode === "text" && !form.elements.text.value.trim()) wrong.push("请粘贴正文，或改为上传文件。");
  if (mode === "files" && files.count === 0) wrong.push("请选择正文文件，或改为粘贴文字。");
  wrong.push(...files.mistakes());
  const channels = form.querySelector("[data-channels]");
  if (!channels.querySelector(":checked")) {
    channels.setAttribute("aria-invalid", "true");
    wrong.push("请选择公开方式。");
  }
  const marked = form.querySelector("[data-marked]");
  if (!marked.hidden && !marked.querySelector("[data-sure]").checked) {
    wrong.push("稿件里有密级或内部标志：请核对并勾选确认；确是涉密文件的，不得上传。");
  }
  return wrong;
}

function said({ form, files, mode }) {
  const typed = new FormData(form);
  if (mode === "text") typed.set("text", typed.get("text").trim());
  else typed.delete("text");
  for (const name of ["planned_on", "origin"]) if (!typed.get(name)) typed.delete(name);
  if (typed.get("source") === "own") typed.delete("origin");
  for (const { file, role } of files.roles()) typed.append(role === "body" ? "body" : "attachments", file, file.name);
  return typed;
}

function sending({ form }, request) {
  const place = form.querySelector("[data-sending]");
  const bar = place.querySelector("[data-bar]");
  const word = place.querySelector("[data-sent-word]");
  const fields = [...form.querySelectorAll("button, input, select, textarea")].filter((one) => !one.disabled && !place.contains(one));
  const away = (event) => event.preventDefault();
  const abort = () => request.abort();
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = total ? loaded / total : 0;
    place.querySelector("[data-sent]").textContent = `${sizeOf(loaded)} / ${sizeOf(total)}`;
  });
  request.upload.addEventListener("load", () => (word.textContent = "已传完，正在加密保存"));
  word.textContent = "正在上传";
  bar.value = 0;
  fields.forEach((one) => (one.disabled = true));
  place.hidden = false;
  place.querySelector("[data-stop]").onclick = abort;
  window.addEventListener("beforeunload", away);
  return (then) => {
    window.removeEventListener("beforeunload", away);
    fields.forEach((one) => (one.disabled = false));
    place.hidden = true;
    then();
  };
}

async function answered(state, request) {
  // The server has answered: the next press is another request.
  state.key = null;
  let answer = {};
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    answer = { detail: "没有办成，请稍后再试。" };
  }
  if (request.status < 300) return location.assign(`/cases/${encodeURIComponent(answer.number)}`);
  // Signed in again in another window: the page's token is renewed, once.
  if (answer.code === "csrf" && !state.renewed && (await renewToken())) {
    state.renewed = true;
    return send(state);
  }
  showProblem(state.form, withAdvice(answer));
}
