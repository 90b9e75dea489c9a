// A ready text goes into its field at once; what was typed there is kept, after it.
(() => {
  "use strict";
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-texts]");
    if (!form) return;
    const field = document.getElementById(form.dataset.texts);
    const text = form.querySelector("select").selectedOptions[0]?.dataset.text;
    if (!field || !text) return;
    event.preventDefault();
    const typed = field.value.trim();
    field.value = typed && !typed.startsWith(text) ? `${text}\n\n${typed}` : text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
})();
