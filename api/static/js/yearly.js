// The yearly table: as a file, or on paper.
import { downloadForms } from "./download.js";

downloadForms(document);
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) window.print();
});
