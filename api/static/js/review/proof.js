// Whoever signs proves once more that it is him: where the last code of the second factor is
// too long ago, the form asks for one, sends it first, and then signs.
import { call, send, showProblem } from "../send.js";

const PROOF = "/api/v1/session/second-factor/proof";

export function proveWhenSigning(root) {
  root.addEventListener("refused", ({ target, detail }) => {
    if (target.matches("[data-proves]") && detail.code === "fresh_code_needed") ask(target);
  });
  root.addEventListener("submit", (event) => {
    const field = event.target.matches("[data-proves]") && event.target.querySelector("[data-code] input");
    if (!field || field.disabled || !field.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void prove(event.target, field, event.submitter);
  }, true);
}

// The form gives its fields back after a refusal; then the cursor goes where it is needed.
function ask(form) {
  const label = form.querySelector("[data-code]");
  label.hidden = false;
  const field = label.querySelector("input");
  field.disabled = false;
  field.value = "";
  window.setTimeout(() => field.focus());
}

async function prove(form, field, button) {
  const answer = await call(PROOF, { method: "POST", body: { code: field.value.trim() } }).catch(() => null);
  if (!answer?.ok) {
    field.select();
    const problem = await answer?.json().catch(() => null);
    return showProblem(form, problem ?? { detail: "网络中断，没有收到回答，请稍后再按一次。" });
  }
  // What is used up is not sent twice, and is no part of what is signed.
  field.value = "";
  field.disabled = true;
  field.closest("[data-code]").hidden = true;
  await send(form, button);
}
