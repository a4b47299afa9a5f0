// The draft: a mark leads to its card, a card to its mark.
import { choose } from "../tabs.js";

let picked = null;

export function showDraft(root) {
  root.addEventListener("click", ({ target }) => {
    const mark = target.closest?.("#draft [data-f]");
    if (!mark || String(window.getSelection())) return;
    const all = mark.dataset.f.split(" ");
    // Where several lie on top of each other, each press leads to the next.
    const finding = all[(all.indexOf(picked) + 1) % all.length];
    pick(finding, { from: "draft" });
  });
  root.addEventListener("pick", ({ detail }) => show(detail));
  root.addEventListener("refreshed", () => light());
}

function pick(finding, detail) {
  document.dispatchEvent(new CustomEvent("pick", { detail: { finding, ...detail } }));
}

export const marksOf = (finding) => [...document.querySelectorAll(`#draft [data-f~="${CSS.escape(finding)}"]`)];

function show({ finding, file, hidden, from }) {
  picked = finding;
  if (from === "cards") open(file, hidden);
  light();
  if (from !== "cards") return;
  const mark = marksOf(finding ?? "").find((one) => one.getClientRects().length);
  mark?.scrollIntoView({ block: "center" });
}

// The file's tab, or the tab of what is hidden in it; the title stands above the body.
function open(file, hidden) {
  if (file === undefined) return;
  const at = Math.max(1, Number(file));
  const panel = document.getElementById(hidden ? `hidden-${at}` : `file-${at}`);
  const tab = panel && document.getElementById(panel.getAttribute("aria-labelledby"));
  if (panel?.hidden && tab) choose(tab);
}

function light() {
  document.querySelectorAll("#draft .picked").forEach((one) => one.classList.remove("picked"));
  if (picked) marksOf(picked).forEach((one) => one.classList.add("picked"));
}
