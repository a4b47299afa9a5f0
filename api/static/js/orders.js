// Files that a worker makes (data-order): says how far it is, and fetches what is done.
import { call } from "./send.js";

const EVERY = 2_000;

export function followOrders(root) {
  root.addEventListener("sent", (event) => {
    if (event.target.dataset.order === undefined) return;
    // Before anybody closes the dialog that it was asked in: there is still something to say.
    event.stopImmediatePropagation();
    void follow(event.target, event.detail.id);
  }, true);
}

async function follow(form, id) {
  const state = form.querySelector("[data-order-state]");
  for (;;) {
    const answer = await call(`/api/v1/exports/${id}`).catch(() => null);
    if (answer && !answer.ok) return (state.textContent = (await answer.json()).detail);
    const order = answer ? await answer.json() : { state_word: "网络中断，再试" };
    if (order.state === "failed") return (state.textContent = "没有做成，请缩短时间后重新导出。");
    if (order.ready) return fetched(state, id);
    state.textContent = `${order.state_word}……可以关闭这个窗口，做好后自动下载；离开这一页就不下载了。`;
    await new Promise((done) => window.setTimeout(done, EVERY));
  }
}

function fetched(state, id) {
  state.textContent = "已做好，已开始下载。";
  location.assign(`/api/v1/exports/${id}/file`);
}
