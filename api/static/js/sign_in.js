// The code of the second factor is asked for only from those who have one.
const form = document.querySelector("form[data-enter]");
form.addEventListener("refused", ({ detail }) => {
  if (!["second_factor_needed", "wrong_code"].includes(detail.code)) return;
  const label = form.querySelector("[data-code]");
  label.hidden = false;
  const field = label.querySelector("input");
  field.disabled = false;
  // The form gives its fields back after this; then the cursor goes where it is needed.
  window.setTimeout(() => field.select());
});
