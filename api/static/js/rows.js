// J and K walk through the rows of a table (data-row on the link of each); Enter opens, as on any link.
const TYPING = "input, textarea, select, [contenteditable]";
const STEPS = { j: 1, k: -1 };

export function walkRows(root) {
  root.addEventListener("keydown", (event) => {
    const step = STEPS[event.key.toLowerCase()];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches?.(TYPING) || root.querySelector("dialog[open]")) return;
    const rows = [...root.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    event.preventDefault();
    const here = rows.indexOf(root.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
    rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  });
}
