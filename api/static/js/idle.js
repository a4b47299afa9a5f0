// A page that was left alone shows nothing: the session's idle time is the server's to
// end, but the screen is the reader's neighbour's to read.
import { call } from "./send.js";

const MINUTE = 60_000;
const ACTS = ["keydown", "pointerdown", "pointermove", "wheel"];

export function lockWhenIdle(root) {
  const minutes = Number(root.body.dataset.idle);
  if (!minutes) return;
  let last = Date.now();
  ACTS.forEach((name) => root.addEventListener(name, () => (last = Date.now()), { passive: true }));
  window.setInterval(() => {
    if (Date.now() - last < minutes * MINUTE) return;
    void call("/api/v1/session", { method: "DELETE" }).finally(() => {
      location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    });
  }, MINUTE / 4);
}
