// Shows what the interface found: whether it is the same, whether the clearance holds, and
// side by side what differs. All of it is written as text, never as markup.
const form = document.querySelector("form[data-compare]");
const result = document.querySelector("[data-result]");
const part = (name) => result.querySelector(`[data-${name}]`);

form.addEventListener("sent", ({ detail }) => show(detail));
// What stands there was found of something else.
form.addEventListener("input", () => (result.hidden = true));

function show(said) {
  hint(part("verdict"), said.message, tone(said, said.found === "same" || said.found === "same_text"));
  hint(part("standing"), `${said.channel}：${said.standing_message}`, tone(said, said.standing === "in_force"));
  part("hidden-added").hidden = !said.hidden_added;
  note(part("new-links"), said.new_links ? `有 ${said.new_links} 个链接指向审查时没有的地址，请逐个核对。` : "");
  note(part("unseen"), unseen(left(said)));
  note(part("more"), said.more ? `还有 ${said.more} 处没有列出。` : "");
  part("changes").hidden = said.changes.length === 0;
  part("changes").querySelector("tbody").replaceChildren(...said.changes.flatMap(rows));
  result.hidden = false;
  result.focus();
}

// Green is a yes, and there is none unless all of it may go out: one half that is well
// beside another that is not is no more than a hint.
function tone({ may_publish }, isWell) {
  if (may_publish) return "good";
  return isWell ? "" : "bad";
}

function hint(place, text, kind) {
  place.textContent = text;
  place.className = `hint ${kind}`.trim();
}

function note(place, text) {
  place.textContent = text;
  place.hidden = !text;
}

// Of a file that is the same, all was compared but what goes beside it.
function left({ found, unseen }) {
  return found === "same" ? { ...unseen, pictures: 0, links: 0, formulas: 0 } : unseen;
}

function unseen({ pictures, links, formulas, attachments }) {
  const counted = [[pictures, "张图片"], [links, "个链接"], [formulas, "个公式"], [attachments, "个附件"]];
  const there = counted.filter(([count]) => count).map(([count, word]) => `${count} ${word}`);
  return there.length ? `没有比的：审查通过的有 ${there.join("、")}，请对照原稿逐个核对。` : "";
}

function rows(change) {
  const place = document.createElement("tr");
  const where = place.insertCell();
  where.colSpan = 2;
  where.className = "place";
  where.textContent = change.place;
  const sides = document.createElement("tr");
  sides.insertCell().append(...change.before.map(stroke));
  sides.insertCell().append(...change.after.map(stroke));
  return [place, sides];
}

function stroke({ kind, text }) {
  const tag = { removed: "del", added: "ins" }[kind];
  if (!tag) return document.createTextNode(text);
  const marked = document.createElement(tag);
  marked.textContent = text;
  return marked;
}
