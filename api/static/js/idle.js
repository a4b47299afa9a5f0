// A page that was left alone shows nothing: the session's idle time is the server's to end,
// but the screen is the reader's neighbour's to read.
//
// All tabs of a browser share one session, and so one idle time: what is done in one tab
// keeps the others open, and when one locks, all do. They tell each other nothing but that.
// Who reads a long draft sends no request, so a word to the server keeps his session.
import { call } from "./send.js";

const MINUTE = 60_000;
const ACTS = ["keydown", "pointerdown", "pointermove", "wheel"];
const TELL_EVERY = 2_000;

export function lockWhenIdle(root) {
  const minutes = Number(root.body.dataset.idle);
  if (minutes) new IdleLock(root, minutes * MINUTE).begin();
}

class IdleLock {
  constructor(root, longest) {
    this.root = root;
    this.longest = longest;
    this.warning = Math.min(MINUTE, longest / 2);
    // Well within the idle time, and no more often than the server writes it down.
    this.keepEvery = Math.max(MINUTE, longest / 4);
    this.last = this.told = this.kept = Date.now();
    this.tabs = new BroadcastChannel("xianshen-idle");
  }

  begin() {
    ACTS.forEach((name) => this.root.addEventListener(name, () => this.act(), { passive: true }));
    this.tabs.addEventListener("message", ({ data }) => this.hear(data));
    // A computer that slept, or a tab in the background, finds out when it is looked at.
    this.root.addEventListener("visibilitychange", () => this.look());
    this.root.addEventListener("sent", ({ target }) => this.left(target));
    window.setInterval(() => this.look(), 1_000);
    this.tell("active");
  }

  // A mouse that is pushed by chance does not answer the question whether to go on.
  act() {
    if (!this.dialog) this.goOn();
  }

  goOn() {
    const now = Date.now();
    // Woken after the time was over: too late.
    if (now - this.last >= this.longest) return this.lock();
    this.last = now;
    this.unwarn();
    if (now - this.told >= TELL_EVERY) this.tell("active");
    if (now - this.kept >= this.keepEvery) void this.keep(now);
  }

  tell(what) {
    this.told = Date.now();
    this.tabs.postMessage(what);
  }

  hear(what) {
    if (what === "locked") return this.leave();
    this.last = Date.now();
    this.unwarn();
  }

  async keep(now) {
    this.kept = now;
    const answer = await call("/api/v1/session").catch(() => null);
    if (answer?.status === 401) this.leave();
  }

  look() {
    const idle = Date.now() - this.last;
    if (idle >= this.longest) return this.lock();
    if (idle < this.longest - this.warning) return;
    this.warn();
    const seconds = Math.ceil((this.longest - idle) / 1_000);
    this.count.textContent = `${seconds} 秒`;
  }

  warn() {
    if (this.dialog) return;
    this.dialog = this.root.createElement("dialog");
    this.dialog.className = "idle";
    this.dialog.setAttribute("role", "alertdialog");
    this.dialog.setAttribute("aria-label", "即将锁定");
    this.dialog.innerHTML = `<h2>即将锁定，继续使用吗？</h2>
      <p>很久没有操作了。<b data-count></b>后退出登录，没有提交的内容不会保留。</p>
      <div class="row"><button type="button" class="main" data-on autofocus>继续使用</button>
      <button type="button" data-off>现在退出</button></div>`;
    this.count = this.dialog.querySelector("[data-count]");
    this.dialog.querySelector("[data-on]").addEventListener("click", () => this.goOn());
    this.dialog.querySelector("[data-off]").addEventListener("click", () => this.lock());
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.goOn();
    });
    this.root.body.append(this.dialog);
    this.dialog.showModal();
  }

  // Not on the dialog's "close" event: a tab in the background hears of that much later.
  unwarn() {
    this.dialog?.close();
    this.dialog?.remove();
    this.dialog = null;
  }

  lock() {
    if (this.locking) return;
    this.locking = true;
    this.hide();
    this.tell("locked");
    void call("/api/v1/session", { method: "DELETE" }).finally(() => this.leave());
  }

  // Whoever signs out in one tab has signed out in all.
  left(form) {
    if (form.dataset?.send === "delete" && form.action.includes("/api/v1/session")) this.tell("locked");
  }

  hide() {
    this.root.querySelector("main").hidden = true;
    this.dialog?.remove();
  }

  leave() {
    this.hide();
    location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
}
