// One's own account: the password's rule while typing, the second factor step by step.
import { refresh } from "./send.js";
import { showOnce } from "./once.js";

const CODES = {
  title: "恢复码（只显示这一次）",
  note: "手机不在身边时，用一个恢复码代替动态码登录，每个只能用一次。请打印或抄下，锁好，不要拍照、不要存在电脑里。",
  heads: ["序号", "恢复码"],
};

function main() {
  const password = document.querySelector("form[data-password]");
  if (password) watchPassword(password);
  document.addEventListener("sent", (event) => {
    const form = event.target;
    if (form.matches("[data-password]")) form.reset();
    if (form.matches("[data-begin]")) showEnrolment(event);
    if (form.matches("[data-codes]")) showCodes(event);
  });
}

// What a symbol is, the server says in the same way: neither letter, digit nor space.
const RULES = {
  length: (text, form) => [...text].length >= Number(form.dataset.shortest),
  upper: (text) => /[A-Z]/.test(text),
  lower: (text) => /[a-z]/.test(text),
  digit: (text) => /[0-9]/.test(text),
  symbol: (text) => /[^\p{L}\p{N}\s\p{C}]/u.test(text),
  login: (text, form) => form.dataset.login.length < 3 || !text.toLowerCase().includes(form.dataset.login),
};

function watchPassword(form) {
  const field = form.elements.new;
  const again = form.querySelector("[data-again]");
  const check = () => {
    const typed = field.value;
    form.querySelectorAll("[data-rule]").forEach((line) => {
      const kept = typed !== "" && RULES[line.dataset.rule](typed, form);
      line.classList.toggle("kept", kept);
      line.querySelector("[data-state]").textContent = kept ? "已满足" : "未满足";
    });
    const same = again.value === typed;
    again.setCustomValidity(same ? "" : "两次输入的新密码不一样，请重新输入。");
    form.querySelector("[data-differs]").hidden = same || again.value === "";
  };
  form.addEventListener("input", check);
  form.addEventListener("reset", () => window.setTimeout(check));
  check();
}

function showEnrolment(event) {
  event.preventDefault();
  const form = event.target;
  const place = document.querySelector("[data-enrolment]");
  // As an image of its own kind: nothing in it can act on the page.
  const drawn = new DOMParser().parseFromString(event.detail.qr_svg, "image/svg+xml").documentElement;
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", "绑定动态码的二维码");
  place.querySelector("[data-qr]").replaceChildren(document.importNode(drawn, true));
  place.querySelector("[data-typed]").textContent = event.detail.typed.replace(/(.{4})(?=.)/g, "$1 ");
  form.hidden = true;
  place.hidden = false;
  place.querySelector("input[name=code]").focus();
}

function showCodes(event) {
  event.preventDefault();
  const then = event.target.dataset.after;
  event.target.reset();
  showOnce({
    ...CODES,
    rows: event.detail.recovery_codes.map((one, index) => [String(index + 1), one]),
    closed: () => (then ? location.assign(then) : void refresh()),
  });
}

main();
