// What the interface says a single time (a first password, a key, recovery codes) stays on
// the screen until somebody says that he has it. It is kept nowhere else.

// `heads` and `rows` are a table, its last column the secret; `closed` runs at the end.
export function showOnce({ title, note, heads, rows, closed }) {
  const dialog = document.createElement("dialog");
  dialog.className = "once";
  dialog.setAttribute("aria-label", title);
  dialog.append(
    made("h2", title),
    made("p", note),
    tableOf(heads, rows),
    buttonsOf(dialog, rows.map((row) => row.join("\t")).join("\n")),
  );
  // Escape is pressed too easily for something that cannot be had again.
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => {
    dialog.remove();
    document.body.classList.remove("prints-once");
    closed?.();
  });
  document.body.append(dialog);
  document.body.classList.add("prints-once");
  dialog.showModal();
}

function made(name, text, kind) {
  const element = document.createElement(name);
  element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

function tableOf(heads, rows) {
  const keep = made("div", "", "keep");
  const table = made("table", "", "rows");
  const head = table.createTHead().insertRow();
  heads.forEach((one) => {
    const cell = made("th", one);
    cell.scope = "col";
    head.append(cell);
  });
  const body = table.createTBody();
  rows.forEach((row) => {
    const line = body.insertRow();
    row.forEach((one) => (line.insertCell().textContent = one));
  });
  keep.append(table);
  return keep;
}

function buttonsOf(dialog, text) {
  const row = made("div", "", "row");
  const copy = button("复制", () => copied(dialog, text).then((done) => (copy.textContent = done ? "已复制" : "请手工选取复制")));
  const print = button("打印", () => window.print());
  const close = button("我已记下，关闭", () => dialog.close());
  close.className = "main";
  close.autofocus = true;
  row.append(close, copy, print);
  return row;
}

function button(text, press) {
  const one = made("button", text);
  one.type = "button";
  one.addEventListener("click", press);
  return one;
}

// The clipboard is for https and this machine alone; elsewhere the old way is left.
async function copied(dialog, text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = made("textarea", text);
    dialog.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
