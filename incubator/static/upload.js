// Files sent piece after piece: progress, a cut line goes on where it stopped, cancel. Without this script a page of its own does it.
(() => {
  "use strict";
  const PAUSES = [1000, 2000, 4000, 8000, 15000]; // between two tries on a line that is cut
  const element = (tag, className = "", text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
  const wait = (ms, signal) =>
    new Promise((go) => {
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        removeEventListener("online", done);
        go();
      }
      addEventListener("online", done);
      signal?.addEventListener("abort", done);
    });
  const said = (box, name, values = {}) =>
    Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, () => value), box.dataset[name]);

  // A name as it is read: nothing in it turns the sentence around it.
  const shown = (file) => file.name.replace(/[\p{Cc}\p{Cf}]/gu, "");

  // The page may have drawn the question anew meanwhile: a colleague has answered it.
  const live = (box) => (box.isConnected ? box : document.querySelector(`[data-files="${CSS.escape(box.dataset.files)}"]`) ?? box);

  class Refused extends Error {}

  // A JSON answer; undefined when the line is cut or the server is busy: try again.
  async function ask(box, method, path, { body, kind, signal } = {}) {
    let answer;
    try {
      const headers = { "x-csrf-token": box.dataset.csrf, ...(kind && { "content-type": kind }) };
      answer = await fetch(box.dataset.uploads + path, { method, headers, body, signal });
    } catch (error) {
      if (signal?.aborted) throw error;
      return undefined;
    }
    if (answer.ok) return answer.status === 204 ? {} : answer.json();
    if ([429, 502, 503, 504].includes(answer.status)) return undefined;
    const problem = await answer.json().catch(() => ({}));
    const refused = new Refused(Object.values(problem.errors ?? {})[0] ?? problem.detail ?? box.dataset.sayFailed);
    refused.status = answer.status;
    throw refused;
  }

  async function persist(sending, method, path, options = {}) {
    for (let tries = 0; ; tries++) {
      const answer = await ask(sending.box, method, path, { ...options, signal: sending.stop.signal });
      if (answer) return answer;
      sending.tell(said(sending.box, "sayWaiting", { name: shown(sending.file) }));
      await wait(PAUSES[Math.min(tries, PAUSES.length - 1)], sending.stop.signal);
      sending.stop.signal.throwIfAborted();
    }
  }

  async function sendPieces(sending, upload) {
    const { box, file, stop } = sending;
    const path = `/uploads/${upload.id}`;
    let cuts = 0;
    while (upload.received < upload.size) {
      sending.show(upload.received / upload.size);
      const body = file.slice(upload.received, upload.received + upload.piece_max);
      let answer;
      try {
        answer = await ask(box, "PUT", `${path}?offset=${upload.received}`, { body, kind: "application/octet-stream", signal: stop.signal });
      } catch (error) {
        if (error.status !== 409) throw error;
      }
      if (answer) cuts = 0;
      else {
        sending.tell(said(box, "sayWaiting", { name: shown(file) }));
        await wait(PAUSES[Math.min(cuts++, PAUSES.length - 1)], stop.signal);
        stop.signal.throwIfAborted();
      }
      upload = answer ?? (await persist(sending, "GET", path)); // what the server has is what counts
    }
    return upload;
  }

  async function send(sending) {
    const { box, file } = sending;
    const json = { body: JSON.stringify({ question: box.dataset.code, name: file.name, size: file.size }), kind: "application/json" };
    let upload = await persist(sending, "POST", "/uploads", json);
    sending.id = upload.id;
    upload = await sendPieces(sending, upload);
    sending.show(1);
    sending.tell(said(box, "sayChecking", { name: shown(file) }));
    await persist(sending, "POST", `/uploads/${upload.id}/completion`);
  }

  function panel(box, file) {
    const stop = new AbortController();
    const root = element("div", "upload");
    const bar = Object.assign(element("progress"), { max: 100, value: 0 });
    const words = element("p", "help");
    const cancel = Object.assign(element("button", "button quiet", box.dataset.sayCancel), { type: "button" });
    bar.setAttribute("aria-label", shown(file));
    root.append(words, bar, cancel);
    box.querySelector("[data-sending]").append(root);
    const sending = {
      box, file, stop, root,
      tell: (text) => words.textContent !== text && (words.textContent = text),
      show: (part) => {
        bar.value = Math.floor(part * 100);
        sending.tell(said(box, "saySending", { name: shown(file), percent: bar.value }));
      },
    };
    cancel.addEventListener("click", () => stop.abort());
    return sending;
  }

  async function upload(box, file) {
    const sending = panel(box, file);
    leaving.add(sending);
    let words = said(box, "sayReceived", { name: shown(file) });
    let isWrong = false;
    try {
      await send(sending);
    } catch (error) {
      isWrong = !sending.stop.signal.aborted;
      words = isWrong ? (error instanceof Refused ? `${shown(file)} : ${error.message}` : box.dataset.sayFailed) : box.dataset.sayCancelled;
      if (sending.id) ask(box, "DELETE", `/uploads/${sending.id}`).catch(() => {});
    }
    leaving.delete(sending);
    sending.root.remove();
    announce(live(box), words, isWrong);
    await refresh(live(box));
  }

  function announce(box, words, isWrong) {
    const line = box.querySelector("[data-told]");
    line.className = isWrong ? "field-error" : "help";
    line.textContent = words;
  }

  // The list as the server tells it; asked again, less and less often, while a file is being looked at.
  async function refresh(box, pause = 2000) {
    clearTimeout(box.again);
    const answer = await fetch(`${box.dataset.files}/list`).catch(() => null);
    if (!answer?.ok || !box.isConnected) return;
    const list = box.querySelector("[data-list]");
    const text = await answer.text();
    if (text !== box.shown) {
      const focused = document.activeElement?.closest?.("li.file")?.dataset.document;
      box.shown = text;
      list.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
      dress(box);
      const version = Number(list.querySelector("[data-version]")?.dataset.version ?? 0);
      box.dispatchEvent(new CustomEvent("answer:kept", { bubbles: true, detail: { version } }));
      list.querySelector(`[data-document="${focused}"] button`)?.focus();
    }
    if (list.querySelector('[data-scan="received"], [data-scan="held"]')) {
      box.again = setTimeout(() => refresh(box, Math.min(pause * 1.5, 30000)), pause);
    }
  }

  function dress(box) {
    const files = [...box.querySelectorAll("[data-list] li.file")];
    for (const line of files) {
      if (line.querySelector("button")) continue;
      const name = line.querySelector(".file-what").firstElementChild.textContent;
      const button = Object.assign(element("button", "button quiet", box.dataset.sayRemove), { type: "button" });
      button.append(element("span", "sr", ` ${name}`));
      button.addEventListener("click", () => remove(box, line.dataset.document, button));
      line.querySelector(".file-what").after(button);
    }
    const isFull = files.length >= Number(box.dataset.most);
    box.querySelector("[data-choose]").hidden = isFull;
    box.querySelector("[data-full]").hidden = !isFull;
  }

  async function remove(box, id, button) {
    button.setAttribute("aria-busy", "true");
    try {
      await ask(box, "DELETE", `/files/${encodeURIComponent(box.dataset.code)}/${id}`);
      announce(box, box.dataset.sayRemoved, false);
    } catch (error) {
      announce(box, error.message, true);
    }
    await refresh(box);
    box.querySelector("[data-choose]:not([hidden]) button")?.focus();
  }

  function enhance(box) {
    if (box.querySelector("[data-choose]")) return;
    const choose = element("p", "buttons");
    choose.dataset.choose = "";
    const input = Object.assign(element("input"), { type: "file", accept: box.dataset.accept, hidden: true, multiple: Number(box.dataset.most) > 1 });
    input.dataset.ignored = "";
    const button = Object.assign(element("button", "button quiet", box.dataset.sayChoose), { type: "button" });
    const legend = box.querySelector("legend")?.firstChild?.textContent;
    if (legend) button.append(element("span", "sr", ` : ${legend}`));
    choose.append(button, input);
    const full = Object.assign(element("p", "help", box.dataset.sayFull), { hidden: true });
    full.dataset.full = "";
    const told = element("p", "help");
    told.dataset.told = "";
    told.setAttribute("role", "status");
    const sending = element("div");
    sending.dataset.sending = "";
    box.querySelector("[data-without]")?.replaceWith(choose);
    if (!choose.isConnected) box.append(choose);
    choose.after(full, sending, told);
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", async (event) => {
      event.stopPropagation();
      const files = [...input.files];
      input.value = "";
      for (const file of files) await upload(live(box), file);
    });
    input.addEventListener("input", (event) => event.stopPropagation());
    box.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    box.addEventListener("drop", async (event) => {
      if (!event.dataTransfer?.files.length || choose.hidden) return;
      event.preventDefault();
      const files = [...event.dataTransfer.files];
      for (const file of files) await upload(live(box), file);
    });
    dress(box);
    if (box.querySelector('[data-scan="received"], [data-scan="held"]')) refresh(box);
  }

  const leaving = new Set();
  addEventListener("beforeunload", (event) => leaving.size && event.preventDefault());
  const all = (root) => root.querySelectorAll?.("[data-uploads]").forEach(enhance);
  all(document);
  document.addEventListener("htmx:load", (event) => all(event.detail.elt));
})();
