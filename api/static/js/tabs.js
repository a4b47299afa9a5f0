// Tabs (data-tabs): press, or walk with the arrow keys; each says in aria-controls what it shows.
export function showTabs(root) {
  root.addEventListener("click", ({ target }) => {
    const tab = target.closest?.("[data-tabs] [role=tab]");
    if (tab) choose(tab);
  });
  root.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[data-tabs] [role=tab]");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!tab || !step) return;
    const all = tabsOf(tab);
    const next = all[(all.indexOf(tab) + step + all.length) % all.length];
    choose(next);
    next.focus();
  });
  // A page that was drawn anew shows what was shown before.
  root.addEventListener("refreshed", () => {
    chosen.forEach((id) => root.getElementById(id) && choose(root.getElementById(id)));
  });
}

const chosen = new Map();

export function choose(tab) {
  const all = tabsOf(tab);
  all.forEach((one) => {
    const isIt = one === tab;
    one.setAttribute("aria-selected", String(isIt));
    one.tabIndex = isIt ? 0 : -1;
    const panel = document.getElementById(one.getAttribute("aria-controls"));
    if (panel) panel.hidden = !isIt;
  });
  chosen.set(tab.closest("[data-tabs]").getAttribute("aria-label"), tab.id);
  tab.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
}

function tabsOf(tab) {
  return [...tab.closest("[data-tabs]").querySelectorAll("[role=tab]")];
}
