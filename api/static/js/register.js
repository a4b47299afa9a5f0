// The register: rows by J and K, files that are made on asking, and long ones in the background.
import { walkRows } from "./rows.js";
import { downloadForms } from "./download.js";
import { followOrders } from "./orders.js";

walkRows(document);
downloadForms(document);
followOrders(document);
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) window.print();
});
