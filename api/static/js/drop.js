// Files dropped on the workbench: the form comes to them. The page for handing in is
// drawn in this window's place, so that the files stay in memory and are stored nowhere.
import { begin } from "./upload.js";

const field = document.querySelector("[data-drop]");
if (field) take(field);

function take(field) {
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    field.classList.toggle("over", field.contains(event.target));
  });
  document.addEventListener("dragleave", () => field.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event) || !field.isConnected) return;
    event.preventDefault();
    field.classList.remove("over");
    void go(field.dataset.drop, event.dataTransfer);
  });
}

function hasFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

async function go(address, dropped) {
  // The list is the event's and is gone after it.
  const files = [...dropped.files];
  const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return location.assign(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  await dress(page);
  document.title = page.title;
  document.body.className = page.body.className;
  document.querySelector(".bar")?.replaceWith(page.querySelector(".bar"));
  document.getElementById("main").replaceWith(page.getElementById("main"));
  history.pushState({}, "", address);
  window.addEventListener("popstate", () => location.reload());
  begin(document.querySelector("form[data-upload]"), files);
}

// The page's own styles, waited for, lest it is seen without them.
function dress(page) {
  const known = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((one) => one.href));
  const missing = [...page.querySelectorAll("link[rel=stylesheet]")].filter((one) => !known.has(one.href));
  return Promise.all(missing.map((one) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = one.getAttribute("href");
    document.head.append(link);
    return new Promise((resolve) => link.addEventListener("load", resolve, { once: true }));
  }));
}
