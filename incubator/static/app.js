// What the pages gain with JavaScript; every page works without it.
(() => {
  "use strict";
  const lang = document.documentElement.lang;
  const number = new Intl.NumberFormat(lang);
  const plural = new Intl.PluralRules(lang);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Characters left: code points of what the server keeps (docs/characters.md; core/text.py says the same).
  const LINE_ENDS = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
  const INVISIBLE =
    /[\u0001-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  function lengthOf(field) {
    const kept = field.value.replace(LINE_ENDS, "\n").replace(INVISIBLE, "").normalize("NFC");
    const isLine = field.matches("input, [data-kind=line] textarea");
    return [...(isLine ? kept.replace(/\s+/g, " ") : kept).trim()].length;
  }

  function showCount(field) {
    const count = document.getElementById(`${field.id}-count`);
    if (!count) return;
    const left = Number(count.dataset.limit) - lengthOf(field);
    const one = plural.select(Math.abs(left)) === "one" ? "One" : "";
    const words = count.dataset[(left < 0 ? "over" : "left") + one];
    count.textContent = words.replace("{n}", number.format(Math.abs(left)));
    count.classList.toggle("over", left < 0);
  }

  // Spoken once typing pauses, not at every key.
  let pause;
  function speakCount(field) {
    clearTimeout(pause);
    pause = setTimeout(() => {
      const count = document.getElementById(`${field.id}-count`);
      if (count && spoken.textContent !== count.textContent) spoken.textContent = count.textContent;
    }, 1200);
  }
  const spoken = document.createElement("p");
  spoken.className = "sr";
  spoken.setAttribute("role", "status");
  document.body.append(spoken);

  // Unsaved words: a form that says so is compared with what it was when it arrived.
  const arrived = new WeakMap();
  const written = (form) =>
    JSON.stringify([...new FormData(form)].map(([name, value]) => [name, typeof value === "string" ? value : value.name]));
  // A form shown again with errors holds words that are saved nowhere.
  const remember = (form) => arrived.set(form, $$(".wrong", form).length ? null : written(form));
  const isDirty = (form) => arrived.has(form) && arrived.get(form) !== written(form);
  let leaving = false;

  function wake(root) {
    $$("[data-counted]", root).forEach(showCount);
    $$("form[data-guard]", root).forEach((form) => arrived.has(form) || remember(form));
    if (root.matches?.("form[data-guard]") && !arrived.has(root)) remember(root);
  }

  // Each error of the summary says which field it speaks of.
  function nameErrors(summary) {
    $$("a[href^='#']", summary).forEach((link) => {
      const field = document.getElementById(link.hash.slice(1))?.closest(".field");
      const label = field?.querySelector("label, legend")?.firstChild?.textContent.trim();
      if (label && !link.textContent.startsWith(label)) link.prepend(`${label}${lang === "fr" ? "\u00a0" : ""}: `);
    });
  }

  function focusErrors(root) {
    const summary = root.id === "error-summary" ? root : root.querySelector("#error-summary");
    if (summary) nameErrors(summary);
    summary?.focus();
    return Boolean(summary);
  }

  // One sending at a time: the button stays readable and its name is still sent.
  const sending = new Set();
  function begin(form, button) {
    sending.add(form);
    button?.setAttribute("aria-busy", "true");
    setTimeout(end, 15000, form); // a file may come back instead of a page
  }
  function end(form) {
    sending.delete(form);
    $$("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
  }

  function say(text) {
    const notices = document.getElementById("notices");
    const box = document.createElement("div");
    const words = document.createElement("p");
    box.className = "notice failed";
    words.textContent = text;
    box.append(words);
    notices.replaceChildren(box);
    show(notices);
  }
  function show(notices) {
    notices.focus({ preventScroll: true });
    notices.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-counted]")) return;
    showCount(target);
    speakCount(target);
  });

  // Capturing, so that htmx never sees a second click.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (sending.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]")) return; // htmx:beforeRequest tells
    begin(form, event.submitter);
    leaving = true;
  }, true);

  // A link to a field leads to the field itself, even inside a folded part.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".error-summary a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (field) {
      event.preventDefault();
      field.closest("details")?.setAttribute("open", "");
      field.focus({ preventScroll: true });
      (field.closest(".field") ?? field).scrollIntoView({ block: "start" });
    }
    $$("details.menu[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  window.addEventListener("beforeunload", (event) => {
    if (!leaving && $$("form[data-guard]").some(isDirty)) event.preventDefault();
  });
  // Back from another page: buttons serve again.
  window.addEventListener("pageshow", () => {
    leaving = false;
    [...sending].forEach(end);
  });

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const form = detail.elt.closest?.("form");
    if (form && detail.requestConfig.verb !== "get") begin(form, detail.requestConfig.triggeringEvent?.submitter);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const form = detail.elt.closest?.("form");
    if (!form) return;
    end(form);
    if (detail.successful && arrived.has(form)) remember(form);
  });
  document.addEventListener("htmx:load", ({ detail }) => {
    wake(detail.elt);
    focusErrors(detail.elt);
  });
  // A refusal that is not the form itself never takes the form's place.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status < 400 || !detail.serverResponse.startsWith('<div class="notice failed"')) return;
    detail.target = document.getElementById("notices");
    detail.swapOverride = "innerHTML";
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => detail.target.id === "notices" && show(detail.target));
  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, () => say(document.body.dataset.unreachable));
  }

  sessionStorage.removeItem("htmx-current-path-for-history"); // htmx's only trace: nothing stays in the browser
  wake(document);
  focusErrors(document);
})();
