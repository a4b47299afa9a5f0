// The draft's own pages as pictures, loaded as they come into view, with the findings on them.
import { call, say } from "../send.js";

const SVG = "http://www.w3.org/2000/svg";
const TRIES = 4;
let view = "pages";

export function showPages(root) {
  root.addEventListener("click", ({ target }) => {
    const chosen = target.closest?.("[data-view]");
    if (!chosen) return;
    view = chosen.dataset.view;
    apply();
  });
  root.addEventListener("chosen", apply);
  root.addEventListener("refreshed", ({ detail }) => {
    if (detail.selector === "main") document.querySelectorAll(".pages").forEach((one) => delete one.dataset.loaded);
    apply();
  });
  root.addEventListener("pick", ({ detail }) => detail.from === "cards" && toPage(detail.finding));
  apply();
}

export const showsPages = () => Boolean(sheet()?.dataset.pages) && view === "pages";
const sheet = () => document.querySelector(".sheet:not([hidden])");

// Show pages or words, as chosen, of the file that is open.
function apply() {
  const open = sheet();
  const views = document.querySelector("[data-views]");
  if (!open || !views) return;
  views.hidden = !open.dataset.pages;
  views.querySelectorAll("[data-view]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.view === view)));
  const pages = open.querySelector(".pages");
  if (!pages) return;
  pages.hidden = !showsPages();
  open.querySelectorAll(".text:not(.top)").forEach((one) => (one.hidden = showsPages()));
  if (showsPages() && !("loaded" in pages.dataset)) void load(open, pages);
}

async function load(open, pages) {
  pages.dataset.loaded = "";
  if (!pages.firstChild) pages.textContent = "正在准备页面……";
  const answer = await call(open.dataset.pages).catch(() => null);
  if (!answer?.ok) return fail(pages, await answer?.json().catch(() => null));
  const { sizes, marks } = await answer.json();
  pages.replaceChildren(...sizes.map((size, at) => pageOf(open.dataset.pages, size, at + 1, marks)));
  document.dispatchEvent(new CustomEvent("refreshed", { detail: { selector: ".pages" } }));
}

function fail(pages, problem) {
  pages.replaceChildren();
  delete pages.dataset.loaded;
  view = "text";
  apply();
  say(problem?.detail ?? "页面没有取到，先看文字；可以过一会儿再按“版面”。", { wrong: true });
}

function pageOf(address, size, number, marks) {
  const figure = document.createElement("figure");
  figure.className = "page";
  figure.dataset.page = number;
  const image = new Image(Math.round(size.width), Math.round(size.height));
  image.loading = "lazy";
  image.alt = `第 ${number} 页`;
  image.src = `${address}/${number}`;
  image.addEventListener("error", () => again(image));
  const caption = document.createElement("figcaption");
  caption.textContent = `第 ${number} 页`;
  const paper = document.createElement("div");
  paper.className = "paper";
  paper.append(image, layerOf(size, marks.filter((one) => one.page === number)));
  figure.append(paper, caption);
  // A finding that was not found on its page is shown by the page.
  figure.dataset.findings = marks.filter((one) => one.page === number).map((one) => one.finding).join(" ");
  return figure;
}

// Only a few pages are drawn at once: one that had to wait too long is asked for again.
function again(image) {
  const tries = Number(image.dataset.tries ?? 0) + 1;
  if (tries > TRIES) return;
  image.dataset.tries = tries;
  const address = image.src;
  window.setTimeout(() => {
    image.removeAttribute("src");
    image.src = address;
  }, tries * 2_000);
}

function layerOf(size, marks) {
  const layer = document.createElementNS(SVG, "svg");
  layer.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  layer.setAttribute("preserveAspectRatio", "none");
  marks.forEach((mark) => mark.boxes.forEach((box) => layer.append(rectOf(size, mark, box))));
  return layer;
}

function rectOf(size, mark, box) {
  const card = document.getElementById(`card-${mark.finding}`);
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("x", box.left * size.width);
  rect.setAttribute("y", box.top * size.height);
  rect.setAttribute("width", box.width * size.width);
  rect.setAttribute("height", box.height * size.height);
  rect.setAttribute("class", ["block", "notice"].find((one) => card?.classList.contains(one)) ?? "review");
  rect.dataset.f = mark.finding;
  const title = document.createElementNS(SVG, "title");
  title.textContent = `疑点 ${card?.dataset.number ?? ""}`;
  rect.append(title);
  return rect;
}

function toPage(finding) {
  document.querySelectorAll(".page.picked").forEach((one) => one.classList.remove("picked"));
  if (!finding || !showsPages()) return;
  const page = sheet().querySelector(`[data-findings~="${CSS.escape(finding)}"]`);
  if (!page || page.querySelector(`[data-f="${CSS.escape(finding)}"]`)) return;
  page.classList.add("picked");
  page.scrollIntoView({ block: "start" });
}
