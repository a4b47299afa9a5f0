// The line between the draft and the findings: dragged, or moved with the arrow keys. This
// browser remembers where it was put.
const KEPT = "xianshen-divider";
const LEAST = 30;
const MOST = 75;
const STEP = 2;

export function divide(root) {
  const split = root.querySelector(".split");
  const line = split?.querySelector("[role=separator]");
  if (!line) return;
  const kept = Number(localStorage.getItem(KEPT));
  if (kept) put(split, line, kept);
  line.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    line.setPointerCapture(event.pointerId);
  });
  line.addEventListener("pointermove", (event) => {
    if (!line.hasPointerCapture(event.pointerId)) return;
    const { left, width } = split.getBoundingClientRect();
    keep(split, line, ((event.clientX - left) / width) * 100);
  });
  line.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    keep(split, line, Number(line.getAttribute("aria-valuenow")) + step);
  });
}

function keep(split, line, share) {
  localStorage.setItem(KEPT, String(put(split, line, share)));
}

function put(split, line, share) {
  const held = Math.round(Math.min(MOST, Math.max(LEAST, share)));
  split.style.setProperty("--left", `${held}%`);
  line.setAttribute("aria-valuenow", String(held));
  return held;
}
