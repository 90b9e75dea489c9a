// Words are saved while they are written. They live in this page's memory and on the server, nowhere else in the browser.
(() => {
  "use strict";
  const form = document.querySelector("form[data-write]");
  if (!form) return;
  const { write: application, section, person } = form.dataset;
  const PAUSE = 1500; // ms without a key
  const BEAT = 10000; // ms between two looks at what the others do
  const WAITS = [2000, 5000, 10000, 20000, 30000]; // ms before trying again
  const questions = document.getElementById("questions");
  const lang = document.documentElement.lang;
  const say = (what, words = {}) => form.dataset[`say${what}`].replace(/\{(\w+)\}/g, (_all, name) => words[name]);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const element = (tag, className = "", text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

  const clock = new Intl.DateTimeFormat("fr", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Paris" });
  const timeOf = (at) => (lang === "fr" ? clock.format(new Date(at)).replace(":", "\u00a0h\u00a0") : clock.format(new Date(at)));

  // One line says how things are; it is spoken only when something is out of the ordinary.
  const line = element("p", "write-status", say("Idle"));
  const spoken = element("p", "sr");
  spoken.setAttribute("role", "status");
  form.append(line, spoken);
  let shownState = "";
  function status(what, words = {}, link = null) {
    const text = say(what, words);
    line.classList.toggle("late", !["Idle", "Saving", "All", "Waiting"].includes(what));
    line.replaceChildren(text, ...(link ? [" ", link] : []));
    if (what !== shownState && line.classList.contains("late")) {
      spoken.textContent = text;
      if (form.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
    }
    shownState = what;
  }

  // What stands in the fields of a question, in the shape the server keeps; undefined while it is not clear.
  function valueOf(block) {
    const { kind, name } = block.dataset;
    const fields = $$(`[name="${name}"]`, block);
    const checked = fields.filter((field) => field.checked).map((field) => field.value);
    switch (kind) {
      case "choices": return checked;
      case "file": return undefined; // files are kept as they arrive, by their own script
      case "statement": return fields[0].checked;
      case "choice": case "phase": case "yes_no": case "scale": return checked[0] ?? "";
      case "commune": case "epci": return placeOf(block, name, fields, checked);
      case "ranked": return cells(block, name).map(([, field]) => field.value);
      case "rows": return rowsOf(block, name);
      default: return fields[0].value;
    }
  }
  function placeOf(block, name, fields, checked) {
    const text = block.querySelector(`[name="${name}_text"]`);
    if (!text.value.trim()) return "";
    if (checked.length) return checked[0];
    return text.value === text.defaultValue ? fields.find((field) => field.type === "hidden")?.value : undefined;
  }
  const cells = (block, name) => $$(`[name^="${name}_"]`, block).map((field) => [field.name.slice(name.length + 1), field]);
  function rowsOf(block, name) {
    const rows = [];
    for (const [place, field] of cells(block, name)) {
      const cut = place.indexOf("_");
      (rows[Number(place.slice(0, cut))] ??= {})[place.slice(cut + 1)] = field.value;
    }
    return rows;
  }

  // Each question: the version it was read at, what is known to be stored, what is on its way.
  const states = new Map();
  const isOurs = (block) => block.dataset.name !== undefined;
  const isTyped = (block) => block.dataset.typed !== undefined; // shown again: what it holds is stored nowhere yet
  function watch(block) {
    if (!isOurs(block)) return;
    states.set(block.dataset.question, {
      block,
      version: Number(block.dataset.version),
      stored: isTyped(block) ? null : JSON.stringify(valueOf(block)),
      onItsWay: null,
      isWrong: false,
      isDisputed: block.classList.contains("disputed"),
    });
  }
  $$(".question", questions).forEach(watch);
  form.removeAttribute("data-guard"); // the page knows better than a comparison of fields

  const isDirty = (state) => {
    const value = valueOf(state.block);
    return state.onItsWay !== null || (value !== undefined && JSON.stringify(value) !== state.stored);
  };
  const unsaved = () => [...states.values()].filter(isDirty);
  const toSend = () => unsaved().filter((state) => !state.isWrong && !state.isDisputed);
  function mark(state, what, words = {}) {
    const place = state.block.querySelector("[data-state]");
    if (!place) return;
    place.textContent = what ? say(what, words) : "";
    place.dataset.state = ["Wrong", "Disputed", "Refused"].includes(what) ? "late" : "";
  }

  // Sending: one answer at a time, in order; the same words under the same version until they are acknowledged.
  let token = form.elements.csrf.value;
  let lastSaved = null;
  let stopped = false;
  let running = null;
  let retry = null;
  let failures = 0;
  let pause = null;
  const call = (method, path, body, keepalive = false) =>
    fetch(`/api/v1/applications/${application}/${path}`, {
      method, keepalive, body: JSON.stringify(body), headers: { "content-type": "application/json", "x-csrf-token": token },
    });

  function flush(keepalive = false) {
    clearTimeout(pause);
    clearTimeout(retry);
    if (stopped) return Promise.resolve(false);
    running ??= drain(keepalive).finally(() => (running = null));
    return running;
  }
  async function drain(keepalive) {
    for (let state; (state = toSend().at(-1)); ) { // last first: an answer is saved before the one that hides it
      status("Saving");
      if (!(await send(state, keepalive))) return false;
    }
    if (!stopped) settle();
    return true;
  }
  function settle() {
    const left = unsaved();
    if (left.some((state) => state.isDisputed)) status("Disputed");
    else if (left.some((state) => state.isWrong)) status("Wrong");
    else if (lastSaved) status("All", { time: timeOf(lastSaved) });
    else status("Idle");
  }

  async function send(state, keepalive) {
    state.onItsWay ??= { value: valueOf(state.block), version: state.version };
    mark(state, "Saving");
    let response;
    try {
      response = await call("PUT", `answers/${encodeURIComponent(state.block.dataset.question)}`, state.onItsWay, keepalive);
    } catch {
      return later(state, navigator.onLine ? "Away" : "Offline");
    }
    if (response.status === 401) return signedOut(state);
    if (response.status === 403 && (await freshToken(state)) === "again") return send(state, keepalive);
    if (response.status === 429 || response.status === 408 || response.status >= 500) return later(state, "Away");
    const told = await response.json().catch(() => ({}));
    failures = 0;
    if (response.ok) return saved(state, told);
    if (response.status === 403 && state.isWaiting) return false; // the token said who is missing
    if (response.status === 409 && told.version != null) return dispute(state, told);
    if ([400, 413, 422].includes(response.status)) return wrong(state, told); // this answer alone cannot be taken
    return refuse(state, told.detail);
  }

  function saved(state, told) {
    state.stored = JSON.stringify(state.onItsWay.value);
    state.onItsWay = null;
    state.isWaiting = state.hasFreshToken = false;
    state.version = told.version;
    state.block.dataset.version = told.version;
    const was = state.block.querySelector('[name^="was."]');
    if (was) was.value = `${told.version}.${told.digest}`;
    lastSaved = told.saved_at;
    mark(state, "Saved", { time: timeOf(told.saved_at) });
    follow(told);
    return true;
  }
  function later(state, why) {
    mark(state, "Waiting");
    status(why);
    clearTimeout(retry);
    retry = setTimeout(flush, WAITS[Math.min(failures++, WAITS.length - 1)]);
    return false;
  }
  function signedOut(state, why = "SignedOut") {
    if (state) {
      mark(state, "Waiting");
      state.isWaiting = true;
    }
    const link = Object.assign(element("a", "", say("SignIn")), { href: "/sign-in", target: "_blank", rel: "noopener" });
    status(why, {}, link);
    clearTimeout(retry);
    retry = setTimeout(flush, 15000);
    return false;
  }
  // Signed in again in another tab: the session is another, so must the token be; the person must be the same.
  async function freshToken(state) {
    if (state.hasFreshToken) return "no";
    let answer;
    try {
      answer = await fetch("/form-token", { headers: { accept: "application/json" } });
      if (answer.status === 401) return signedOut(state) || "no";
      const told = await answer.json();
      if (told.person !== person) return signedOut(state, "Other") || "no";
      token = form.elements.csrf.value = told.token;
      state.hasFreshToken = true;
      state.isWaiting = false;
      return "again";
    } catch {
      state.isWaiting = true;
      return later(state, "Away") || "no";
    }
  }
  function wrong(state, told) {
    state.onItsWay = null;
    state.isWrong = true;
    const place = state.block.querySelector("[data-state]");
    mark(state, "Wrong");
    if (place) place.textContent = [...Object.values(told.errors ?? {})].join(" ") || told.detail;
    return true;
  }
  function refuse(state, why) {
    state.onItsWay = null;
    stopped = true;
    mark(state, "Refused");
    status("Refused");
    line.prepend(`${why ?? ""} `);
    spoken.textContent = line.textContent;
    return false;
  }

  // What follows from an answer: progress, remarks, questions that open or close.
  const number = new Intl.NumberFormat(lang);
  const plural = new Intl.PluralRules(lang);
  function follow(told) {
    for (const one of told.sections) {
      const done = document.querySelector(`.filled[data-section="${CSS.escape(one.code)}"]`);
      if (!done) continue;
      const [meter, words] = done.children;
      meter.max = one.required_count || 1;
      meter.value = one.required_count ? one.answered_count : 1;
      const complete = one.answered_count >= one.required_count;
      words.textContent = complete ? done.dataset.complete : `${one.answered_count} / ${one.required_count}`;
    }
    const count = document.getElementById("missing-count");
    const one = plural.select(told.missing_count) === "one" ? "MissingOne" : "Missing";
    if (count) count.textContent = told.missing_count ? say(one, { n: number.format(told.missing_count) }) : say("NothingMissing");
    for (const [code, { block }] of states) {
      block.querySelector(".remark")?.remove();
      if (told.remarks[code]) block.querySelector(".saved").before(element("p", "remark", told.remarks[code]));
    }
    const shown = $$(".question", questions).map((block) => block.dataset.question);
    if (told.asked.join() !== shown.join()) refresh();
  }

  // What is done and what is missing, as the server tells it, when another script than this one kept an answer.
  async function recount() {
    const response = await fetch(location.pathname, { headers: { accept: "text/html" } }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const done of $$(".filled[data-section], #missing-count", fresh)) {
      const shown = document.querySelector(done.id ? `#${done.id}` : `.filled[data-section="${CSS.escape(done.dataset.section)}"]`);
      shown?.replaceChildren(...done.childNodes);
    }
  }

  // The server draws every question; what it draws anew takes its place, unless someone is writing there.
  let refreshing = false;
  async function refresh() {
    if (refreshing) return;
    refreshing = true;
    try {
      const response = await fetch(location.pathname, { headers: { accept: "text/html" } });
      if (response.ok && !response.redirected) draw(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch {
      // the next look will tell
    } finally {
      refreshing = false;
    }
  }
  function draw(fresh) {
    const drawn = $$("#questions > .question", fresh);
    if (!drawn.length) return;
    const here = new Map($$(".question", questions).map((block) => [block.dataset.question, block]));
    const wanted = new Set(drawn.map((block) => block.dataset.question));
    let opened = false;
    let last = null;
    for (const block of drawn) {
      const code = block.dataset.question;
      const old = here.get(code);
      const isNewer = old && isOurs(old) && block.dataset.version !== old.dataset.version;
      if (old && !(isNewer && isFree(code, old))) {
        last = old;
        continue;
      }
      const put = document.importNode(block, true);
      if (old) old.replaceWith(put);
      else if (last) last.after(put);
      else questions.prepend(put);
      opened ||= !old;
      begin(put);
      if (old && put.dataset.kind !== "file") mark(states.get(code), "Changed", { name: put.dataset.by });
      last = put;
    }
    for (const [code, block] of here) {
      if (wanted.has(code) || !isFree(code, block)) continue;
      states.delete(code);
      block.remove();
    }
    const aside = document.getElementById("set-aside");
    const asideNow = fresh.getElementById("set-aside");
    if (aside && asideNow && aside.textContent !== asideNow.textContent) {
      aside.replaceChildren(...[...asideNow.childNodes].map((node) => document.importNode(node, true)));
      spoken.textContent = aside.textContent;
    } else if (opened) spoken.textContent = say("Opened");
  }
  function isFree(code, block) {
    const state = states.get(code);
    return !block.contains(document.activeElement) && !block.querySelector(".upload") && !(state && (isDirty(state) || state.isDisputed));
  }
  function begin(block) {
    window.htmx?.process(block);
    watch(block);
    const state = states.get(block.dataset.question);
    if (state) state.stored = JSON.stringify(valueOf(block));
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: block } })); // counters wake
  }

  // Two texts for one answer: both are shown, and the reader chooses.
  async function dispute(state, told) {
    state.onItsWay = null;
    state.isDisputed = true;
    state.theirVersion = told.version;
    const fresh = await fetch(location.pathname).then((answer) => answer.text()).catch(() => "");
    const drawn = new DOMParser().parseFromString(fresh, "text/html").querySelector(
      `.question[data-question="${CSS.escape(state.block.dataset.question)}"]`,
    );
    const name = drawn?.dataset.by ?? "";
    const box = element("div", "sides");
    const theirs = element("div", "theirs");
    const text = element("div", "text", Object.values(told.stored ?? {})[0] ?? "");
    text.tabIndex = 0;
    const heading = element("p");
    heading.append(element("strong", "", say("Theirs", { name })));
    theirs.append(heading, text);
    const mine = element("button", "button quiet", say("KeepMine"));
    const other = element("button", "button quiet", say("KeepTheirs", { name }));
    mine.type = other.type = "button";
    mine.addEventListener("click", () => {
      state.version = state.theirVersion;
      close(state, box, extras);
      flush();
    });
    other.addEventListener("click", () => {
      if (!drawn) return;
      const put = document.importNode(drawn, true);
      state.block.replaceWith(put);
      begin(put);
      (put.querySelector("input:not([type=hidden]),textarea,select") ?? put).focus();
      settle();
    });
    const buttons = element("p", "buttons");
    buttons.append(mine, other);
    const extras = [element("p", "said", say("Also", { name })), theirs, buttons, element("p", "help", say("Merge"))];
    state.block.classList.add("disputed");
    const field = state.block.querySelector(":scope > .field") ?? state.block.querySelector(".field");
    field.before(extras[0], box);
    const left = element("div");
    left.append(field);
    box.append(left, theirs);
    box.after(buttons, extras[3]);
    window.htmx?.process(state.block);
    mark(state, "");
    return true;
  }
  function close(state, box, extras) {
    state.isDisputed = false;
    state.block.classList.remove("disputed");
    box.before(box.querySelector(".field"));
    box.remove();
    extras.forEach((one) => one.remove());
  }

  // Who is there, and what they have changed since.
  const together = document.getElementById("together");
  const titleOf = (code) => document.querySelector(`.filled[data-section="${CSS.escape(code)}"]`)?.parentElement.querySelector("a").textContent ?? code;
  async function look() {
    if (stopped || document.hidden) return;
    const question = document.activeElement?.closest?.(".question")?.dataset.question ?? "";
    const versions = Object.fromEntries([...states].map(([code, state]) => [code, state.version]));
    try {
      const response = await call("POST", "presence", { section, question, versions });
      if (response.status === 401 && unsaved().length) signedOut(null);
      if (response.status === 403 && !unsaved().length) await freshToken({});
      if (!response.ok) return;
      const told = await response.json();
      const there = told.people.map((one) =>
        element("p", "here", one.section === section ? say("Writes", one) : say("There", { name: one.name, section: titleOf(one.section) })));
      together?.replaceChildren(...there);
      if (told.changed.some((one) => states.get(one.question)?.isDisputed !== true)) await refresh();
      if (toSend().length) flush();
    } catch {
      // saving tells when the network is away
    }
  }

  function touch(target) {
    const block = target.closest?.(".question");
    const state = block && states.get(block.dataset.question);
    if (!state) return;
    state.isWrong = false;
    if (stopped || state.isDisputed || !isDirty(state)) return;
    if (!state.onItsWay && !["Offline", "Away", "SignedOut", "Other"].includes(shownState)) {
      mark(state, "Waiting");
      status("Waiting");
    }
    clearTimeout(pause);
    pause = setTimeout(flush, PAUSE);
  }
  form.addEventListener("input", ({ target }) => touch(target));
  form.addEventListener("change", ({ target }) => {
    touch(target);
    if (target.matches("input[type=radio],input[type=checkbox],select")) flush();
  });
  form.addEventListener("answer:kept", ({ target, detail }) => {
    const block = target.closest(".question"); // files are kept by their own script, which shows them too
    const state = states.get(block?.dataset.question);
    if (state) state.version = detail.version;
    if (block) block.dataset.version = String(detail.version);
    recount();
  });
  form.addEventListener("htmx:afterSettle", ({ target }) => touch(target));
  form.addEventListener("focusout", () => toSend().length && !retrying() && flush());
  const retrying = () => ["Offline", "Away", "SignedOut", "Other"].includes(shownState);
  for (const back of ["online", "focus"]) {
    window.addEventListener(back, () => {
      failures = 0;
      flush().then(look);
    });
  }
  document.addEventListener("visibilitychange", () => document.hidden && toSend().length && flush(true));
  window.addEventListener("beforeunload", (event) => !passing && unsaved().length && event.preventDefault());

  // A button sends the page once everything it holds is saved; while it cannot be, the page stays, with every word.
  let passing = false;
  window.addEventListener("submit", async (event) => {
    if (event.target !== form || passing || (!toSend().length && !running)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    if (running) await running;
    if (!(await flush())) {
      line.scrollIntoView({ block: "nearest" });
      return;
    }
    passing = true;
    form.requestSubmit(submitter);
  }, true);
  window.addEventListener("pageshow", () => (passing = false));

  if ($$("[data-typed]", questions).length) flush();
  look();
  setInterval(look, BEAT);
})();
