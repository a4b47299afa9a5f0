// Dialogs: a button with data-opens="id" opens one, a button with data-closes closes it,
// and what was sent from inside closes it too. Nothing typed is lost by closing.
export function openDialogs(root) {
  root.addEventListener("click", (event) => {
    const opens = event.target.closest?.("[data-opens]");
    if (opens) show(root.getElementById(opens.dataset.opens));
    const closes = event.target.closest?.("[data-closes]");
    if (closes) closes.closest("dialog")?.close();
  });
  root.addEventListener("sent", (event) => {
    const dialog = event.target.closest("dialog");
    if (!dialog) return;
    dialog.close();
    dialog.querySelectorAll("form").forEach((one) => one.reset());
  });
}

function show(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[data-first], textarea, input:not([type=hidden])")?.focus();
}
