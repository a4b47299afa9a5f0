// Keys: an element with data-key is pressed, or gets the focus, when its key is.
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

export function listenForKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches?.(TYPING)) return;
    const wanted = `[data-key="${CSS.escape(event.key)}"]`;
    // What a page has of its own goes before what every page has.
    const named = root.querySelector(`main ${wanted}`) ?? root.querySelector(wanted);
    if (!named) return;
    event.preventDefault();
    if (named.matches(TYPING)) named.focus();
    else named.click();
  });
}
