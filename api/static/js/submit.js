// The page on which a draft is handed in, opened by its own address.
import { begin } from "./upload.js";

const form = document.querySelector("form[data-upload]");
if (form) begin(form);
