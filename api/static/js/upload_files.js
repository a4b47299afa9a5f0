// The files of a draft in their order: the first is the body, unless it was pasted.
export class FileList {
  constructor(form, limits, changed) {
    this.all = [];
    this.hasBody = true;
    this.limits = limits;
    this.changed = changed;
    this.place = form.querySelector("[data-files]");
    this.row = form.querySelector("[data-row]");
  }

  get count() {
    return this.all.length;
  }

  add(files) {
    this.all.push(...files);
    this.draw();
    this.changed();
  }

  roles() {
    return this.all.map((file, at) => ({ file, role: this.hasBody && at === 0 ? "body" : "attachment" }));
  }

  draw() {
    this.place.replaceChildren(...this.roles().map(({ file, role }, at) => this.#drawn(file, role, at)));
  }

  #drawn(file, role, at) {
    const row = this.row.content.firstElementChild.cloneNode(true);
    const set = (name, text) => (row.querySelector(`[data-${name}]`).textContent = text);
    set("role", role === "body" ? "正文" : "附件");
    row.querySelector("[data-role]").classList.toggle("good", role === "body");
    set("name", file.name);
    set("size", sizeOf(file.size));
    set("wrong", this.#wrong(file));
    set("advice", this.#advice(file));
    this.#button(row, "up", file, at === 0, () => this.#move(at, at - 1));
    this.#button(row, "body", file, !this.hasBody || at === 0, () => this.#move(at, 0));
    this.#button(row, "remove", file, false, () => this.all.splice(at, 1));
    return row;
  }

  #button(row, name, file, isOff, act) {
    const button = row.querySelector(`[data-${name}]`);
    button.disabled = isOff;
    button.setAttribute("aria-label", `${button.textContent}：${file.name}`);
    button.addEventListener("click", () => {
      act();
      this.draw();
      this.changed();
    });
  }

  #move(from, to) {
    const [file] = this.all.splice(from, 1);
    this.all.splice(to, 0, file);
  }

  #wrong(file) {
    if (file.size === 0) return "这是空文件或文件夹，请移除后重新选择。";
    if (this.all.filter((one) => one.name === file.name).length > 1) return "有同名的文件，请移除一个，或改名后再选。";
    return "";
  }

  #advice(file) {
    const ending = endingOf(file.name);
    if (this.limits.readable.includes(ending)) return "";
    return this.limits.advice[ending] ?? "可能读不了这种格式；读不了的稿件不能同意公开，请用 docx、PDF、xlsx 或 txt。";
  }

  // What the server would refuse anyway, said before anything is sent.
  mistakes() {
    const wrong = [];
    if (this.all.some((one) => one.size === 0)) wrong.push("有空文件或文件夹，请移除后重新选择。");
    const names = this.all.map((one) => one.name);
    if (new Set(names).size < names.length) wrong.push("有同名的文件，请移除一个，或改名后再选。");
    const total = this.all.reduce((sum, one) => sum + one.size, 0);
    if (total > this.limits.bytes) wrong.push(`文件合计 ${sizeOf(total)}，超过一次最多 ${sizeOf(this.limits.bytes)}；请压缩图片，或分成几件送审。`);
    const attached = this.roles().filter((one) => one.role === "attachment").length;
    if (attached > this.limits.attachments) wrong.push(`附件 ${attached} 个，一件最多 ${this.limits.attachments} 个。`);
    return wrong;
  }
}

export function endingOf(name) {
  const at = name.lastIndexOf(".");
  return at < 0 ? "" : name.slice(at + 1).toLowerCase();
}

export function sizeOf(count) {
  if (count < 1024) return `${count} 字节`;
  if (count < 1024 * 1024) return `${Math.round(count / 1024)} KB`;
  return `${(count / 1024 / 1024).toFixed(1)} MB`;
}
