// Keys: an element with data-key is pressed, or gets the focus, when its key is.
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

export function listenForKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches?.(TYPING)) return;
    const named = root.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!named) return;
    event.preventDefault();
    if (named.matches(TYPING)) named.focus();
    else named.click();
  });
}
