// The administration: secrets shown once, and the appointment form's small helps.
import { refresh } from "./send.js";
import { showOnce } from "./once.js";

// What the answer to a form with data-once holds that is never shown again.
const ONCE = {
  password: (said) => ({
    title: "初始密码（只显示这一次）",
    note: "请当面交给本人，不要用聊天软件发送。首次登录须修改。",
    heads: ["登录名", "姓名", "初始密码"],
    rows: (Array.isArray(said) ? said : [said]).map((one) => [one.account.login, one.account.name, one.password]),
  }),
  key: (said) => ({
    title: "站点密钥（只显示这一次）",
    note: "请直接填进发布系统的设置里，不要用聊天软件发送。遗失只能撤销重发。",
    heads: ["编号", "密钥"],
    rows: [[said.id, said.key]],
  }),
  secret: (said) => ({
    title: "通知密钥（只显示这一次）",
    note: "发布系统用它核对收到的通知是不是真的。请直接填进发布系统的设置里。",
    heads: ["用途", "通知密钥"],
    rows: [["核对通知", said.webhook_secret]],
  }),
};

function main() {
  document.addEventListener("sent", shown);
  document.addEventListener("click", (event) => {
    const renews = event.target.closest?.("[data-renews]");
    const ends = event.target.closest?.("[data-ends]");
    if (renews) fill(renews.dataset);
    if (ends) prepareEnd(ends.dataset);
  });
  const form = appointing();
  if (!form) return;
  form.elements.person.addEventListener("input", nameKnown);
  form.elements.post.addEventListener("change", askDepartment);
  askDepartment();
  document.addEventListener("refreshed", askDepartment);
}

function shown(event) {
  const form = event.target;
  const told = ONCE[form.dataset.once];
  if (!told) return form.matches("[data-clears]") && form.reset();
  event.preventDefault();
  form.reset();
  const then = form.dataset.after?.replace("{id}", event.detail.site?.id ?? "");
  showOnce({ ...told(event.detail), closed: () => (then ? location.assign(then) : void refresh()) });
}

function appointing() {
  return document.querySelector("form[data-appoints]");
}

// Who is chosen from the list of accounts brings his name along.
function nameKnown() {
  const { person, name } = appointing().elements;
  const known = document.querySelector(`#people option[value="${CSS.escape(person.value.trim())}"]`);
  if (known) name.value = known.dataset.name;
}

function askDepartment() {
  const form = appointing();
  const { post, department } = form.elements;
  const needed = form.dataset.departmentPosts.split(" ").includes(post.value);
  department.disabled = !needed;
  department.required = needed;
  department.closest("label").querySelector("[data-word]").classList.toggle("must", needed);
}

// Another term for somebody is a new appointment: all but the days and the paper is known.
function fill(known) {
  const form = appointing();
  form.closest("details").open = true;
  for (const name of ["person", "name", "post", "department", "from_day", "until_day"]) {
    form.elements[name].value = known[name] ?? "";
  }
  askDepartment();
  form.elements.ground.value = "";
  form.elements.ground.focus();
}

function prepareEnd(known) {
  const dialog = document.getElementById("end");
  const form = dialog.querySelector("form");
  form.action = `/api/v1/appointments/${encodeURIComponent(known.ends)}/end`;
  form.querySelectorAll("[data-problem]").forEach((one) => (one.hidden = true));
  dialog.querySelector("[data-whom]").textContent = known.whom;
  form.elements.ended_on.max = known.until;
}

main();
