// Proposing a change of the lexicon: small edits of one rule are put together as the
// interface takes them, and a rule that is being written is tried before it is proposed.
import { call, clearProblem, jsonOf, showProblem } from "./send.js";

const LOST = "网络中断，没有收到回答。您填写的内容还在，请稍后再试。";

// Before send.js reads the form: what is chosen becomes the one field that is sent.
document.addEventListener("submit", ({ target }) => target.dataset.edits && put(target), { capture: true });
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-tries]");
  if (button) void tried(button);
});

function put(form) {
  form.elements.edits.value = JSON.stringify(EDITS[form.dataset.edits](form, form.dataset.rule));
}

const EDITS = {
  add: (form, rule) => {
    const { field, words, weight } = partsOf(form);
    const lines = words.split(/\r?\n/).map((one) => one.trim()).filter(Boolean);
    return [{ rule, action: "add", field, words: lines.map((text) => ({ text, weight: Number(weight) })) }];
  },
  remove: (form, rule) => {
    const byField = new Map();
    form.querySelectorAll("[data-part=drop]:checked").forEach((one) => {
      byField.set(one.dataset.field, [...(byField.get(one.dataset.field) ?? []), { text: one.value }]);
    });
    return [...byField].map(([field, words]) => ({ rule, action: "remove", field, words }));
  },
  retire: (_, rule) => [{ rule, action: "retire" }],
  resume: (_, rule) => [{ rule, action: "resume" }],
};

function partsOf(form) {
  return Object.fromEntries([...form.querySelectorAll("[data-part]")].map((one) => [one.dataset.part, one.value]));
}

async function tried(button) {
  const form = button.form;
  const place = form.querySelector("[data-trial]");
  clearProblem(form);
  place.replaceChildren();
  button.disabled = true;
  try {
    const { reason, ...body } = jsonOf(form, new FormData(form));
    const answer = await call(button.dataset.tries, { method: "POST", body });
    const said = await answer.json();
    if (answer.ok) show(place, said);
    else showProblem(form, said);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    showProblem(form, { detail: LOST });
  } finally {
    button.disabled = false;
  }
}

function show(place, { examples, failed }) {
  const box = document.createElement("div");
  box.className = failed.length ? "hint bad" : "hint good";
  box.textContent = failed.length
    ? `${examples} 条例文里有 ${failed.length} 条不符，请改词语或例文：`
    : `写法正确，${examples} 条例文全部符合，可以提出。`;
  const list = document.createElement("ul");
  failed.forEach(({ expected, text, points }) => {
    const one = document.createElement("li");
    const what = expected === "flagged" ? "应标出，没有标出" : "应放过，却标出了";
    one.textContent = `${what}（得 ${points} 分，2 分标出）：${text}`;
    list.append(one);
  });
  if (failed.length) box.append(list);
  place.replaceChildren(box);
  place.scrollIntoView({ block: "nearest" });
}
