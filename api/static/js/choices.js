// Forms that ask more by what is chosen, and phrases that fill a field with one press.
//
//   data-when="outcome=partial refuse"  is shown, and its fields sent, for those choices
//   data-fill="opinion" on a button     puts its words into that field of the form
export function followChoices(root) {
  root.addEventListener("change", ({ target }) => target.form && follow(target.form));
  root.addEventListener("reset", ({ target }) => window.setTimeout(() => follow(target)));
  root.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-fill]");
    if (button) fill(button);
  });
}

// Show what belongs to the choices as they stand.
export function follow(form) {
  form.querySelectorAll("[data-when]").forEach((part) => {
    const [name, wanted] = part.dataset.when.split("=");
    const fits = wanted.split(" ").includes(new FormData(form).get(name));
    part.hidden = !fits;
    part.querySelectorAll("input, select, textarea").forEach((one) => (one.disabled = !fits));
  });
  form.querySelectorAll(".opinions label").forEach((label) => {
    label.classList.toggle("chosen", label.querySelector("input").checked);
  });
}

// A phrase stands in for another phrase, and is added to a person's own words.
function fill(button) {
  const field = button.closest("form").elements[button.dataset.fill];
  const known = [...button.closest("form").querySelectorAll("[data-fill]")].map((one) => one.textContent);
  const typed = field.value.trim();
  const own = typed && !known.includes(typed) && !typed.includes(button.textContent);
  field.value = own ? `${typed.replace(/[。；，]$/, "")}；${button.textContent}` : button.textContent;
  field.focus();
}
