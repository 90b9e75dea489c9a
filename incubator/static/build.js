// Moving parts of a form with the mouse, and without losing one's place; the buttons do the same without this.
(() => {
  "use strict";
  const outline = () => document.querySelector("#outline[data-build]");

  const spoken = document.createElement("p");
  spoken.className = "sr";
  spoken.setAttribute("role", "status");
  document.body.append(spoken);

  // The page that comes back is the truth: its outline takes the place of ours, and says the new version.
  async function send(form, name, value, extra = {}) {
    const sent = new URLSearchParams(new FormData(form));
    sent.set(name, value);
    for (const [key, text] of Object.entries(extra)) sent.set(key, text);
    const answer = await fetch(form.action, { method: "POST", body: sent });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const arrived = page.querySelector("#outline");
    if (!arrived) {
      location.reload();
      return false;
    }
    for (const id of ["faults", "error-summary"]) swap(id, page);
    outline().replaceWith(arrived);
    const version = page.querySelector("#order [name=version]").value;
    document.querySelectorAll("input[name=version]").forEach((field) => (field.value = version));
    prepare();
    if (!answer.ok) document.getElementById("error-summary")?.focus();
    return answer.ok;
  }

  function swap(id, page) {
    const mine = document.getElementById(id);
    const theirs = page.getElementById(id);
    if (mine && theirs) mine.replaceWith(theirs);
    else if (mine) mine.remove();
    else if (theirs) outline().before(theirs);
  }

  function tell(id) {
    const item = document.getElementById(id);
    const section = item?.closest("[data-section]");
    if (!item) return;
    item.classList.add("settled");
    if (!item.dataset.code) return;
    const place = [...section.querySelectorAll("[data-code]")].indexOf(item) + 1;
    spoken.textContent = outline()
      .dataset.moved.replace("{what}", () => `${item.dataset.code} ${item.dataset.label}`)
      .replace("{place}", () => place)
      .replace("{section}", () => section.dataset.title);
  }

  // Buttons: the same act, without leaving the place where one reads.
  window.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (form.id !== "order" || !outline() || !submitter?.value) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // no page is left: the next button serves at once
    const [verb, thing, code] = submitter.value.split(" ");
    try {
      if (!(await send(form, submitter.name, submitter.value))) return;
    } catch {
      location.reload();
      return;
    }
    const id = `${thing}-${code}`;
    const again = document.querySelector(`button[form=order][value="${CSS.escape(submitter.value)}"]`);
    const other = document.querySelector(`button[form=order][value="${verb === "up" ? "down" : "up"} ${thing} ${code}"]`);
    (again && !again.disabled ? again : other)?.focus();
    document.getElementById(id)?.scrollIntoView({ block: "nearest" });
    tell(id);
  }, true);

  let dragged = null;

  function prepare() {
    const root = outline();
    if (!root) return;
    root.querySelectorAll("[data-code]").forEach((item) => {
      const grip = document.createElement("span");
      grip.className = "grip";
      grip.title = root.dataset.grip;
      grip.setAttribute("aria-hidden", "true");
      grip.textContent = "⠿";
      item.prepend(grip);
      item.draggable = true;
    });
  }

  function mark(target) {
    outline()
      .querySelectorAll(".drop-before, .drop-into")
      .forEach((one) => one.classList.remove("drop-before", "drop-into"));
    if (target) target.classList.add(target.dataset.code ? "drop-before" : "drop-into");
  }

  // Over a question: before it; over its lower half or the rest of a section: after it, at the end.
  function aim(event) {
    const item = event.target.closest?.("#outline [data-code]");
    if (!item) return event.target.closest?.("#outline [data-section]");
    const box = item.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) return item;
    return item.nextElementSibling ?? item.closest("[data-section]");
  }

  document.addEventListener("dragstart", (event) => {
    const item = event.target.closest?.("#outline[data-build] [data-code]");
    if (!item) return;
    dragged = item;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.dataset.code);
    item.classList.add("dragged");
  });

  document.addEventListener("dragover", (event) => {
    if (!dragged) return;
    const target = aim(event);
    if (!target) return;
    event.preventDefault();
    mark(target);
  });

  document.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    if (outline()) mark(null);
  });

  document.addEventListener("drop", async (event) => {
    const item = dragged;
    const target = item && aim(event);
    if (!target) return;
    event.preventDefault();
    const section = target.closest("[data-section]");
    const others = [...section.querySelectorAll("[data-code]")].filter((one) => one !== item);
    if (target === item) return;
    const rank = target.dataset.code ? others.indexOf(target) : others.length;
    const code = item.dataset.code;
    const form = document.getElementById("order");
    const place = `${section.dataset.section} ${rank}`;
    if (await send(form, "move", `to question ${code}`, { place })) tell(`question-${code}`);
  });

  // Weights: their sum, as they are typed.
  document.addEventListener("input", ({ target }) => {
    const table = target.closest?.("[data-weights]");
    if (!table) return;
    const total = [...table.querySelectorAll("input[name^='weight.']")].reduce((sum, one) => sum + (Number(one.value) || 0), 0);
    const shown = document.getElementById("weights-sum");
    shown.textContent = total;
    shown.classList.toggle("wrong", total !== 100);
  });

  prepare();
})();
