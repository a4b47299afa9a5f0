// Files that are made on asking: <form action="/api/v1/…" data-download>. A plain link would
// show whoever asks for too much a page of JSON; here a refusal is said in the form.
import { call, clearProblem, showProblem } from "./send.js";

const LOST = "网络中断，没有收到文件，请稍后再试。";

export function downloadForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.download === undefined) return;
    event.preventDefault();
    void download(form);
  });
}

async function download(form) {
  const buttons = form.querySelectorAll("button");
  buttons.forEach((one) => (one.disabled = true));
  clearProblem(form);
  try {
    const asked = new URLSearchParams(new FormData(form));
    const answer = await call(`${form.getAttribute("action")}?${asked}`);
    if (answer.ok) await save(answer);
    else showProblem(form, await answer.json());
  } catch {
    showProblem(form, { detail: LOST });
  } finally {
    buttons.forEach((one) => (one.disabled = false));
  }
}

async function save(answer) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = nameIn(answer.headers.get("Content-Disposition") ?? "");
  link.click();
  // The browser has begun to write by then.
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function nameIn(disposition) {
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
  return coded ? decodeURIComponent(coded[1]) : "";
}
