// Passkeys, and the buttons that keep recovery codes. Without it, one signs in by password, link or code.
(() => {
  "use strict";
  const $$ = (selector) => [...document.querySelectorAll(selector)];
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // An address of figures (127.0.0.1) can hold no passkey.
  const able = "PublicKeyCredential" in window && !/^[\d.]+$|:/.test(location.hostname);
  let waiting;

  async function options(form) {
    const answer = await fetch(form.dataset.options, { method: "POST", headers: { "x-csrf-token": form.csrf.value } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const asked = await answer.json();
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    for (const list of [asked.excludeCredentials, asked.allowCredentials]) for (const one of list ?? []) one.id = bytes(one.id);
    return asked;
  }

  function written(made) {
    const response = { clientDataJSON: text(made.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
      if (made.response[name]) response[name] = text(made.response[name]);
    if (made.response.getTransports) response.transports = made.response.getTransports();
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
  }

  async function ask(form, more = {}) {
    waiting?.abort();
    const mine = (waiting = new AbortController());
    const publicKey = await options(form);
    const made = await navigator.credentials[form.dataset.passkey]({ publicKey, signal: mine.signal, ...more });
    form.credential.value = written(made);
    form.submit();
  }

  async function pressed(event) {
    event.preventDefault();
    const form = event.target;
    const said = form.querySelector("[data-said]");
    const name = form.elements.namedItem("name");
    if (name && !name.value.trim()) return name.focus();
    said.textContent = "";
    try {
      await ask(form);
    } catch {
      said.textContent = form.dataset.failed;
    }
  }

  async function offer(form) {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    try {
      await ask(form, { mediation: "conditional" });
    } catch {
      // Nobody chose one: the page stays as it is.
    }
  }

  for (const form of able ? $$("form[data-passkey]") : []) {
    form.hidden = false;
    form.addEventListener("submit", pressed);
    if ("conditional" in form.dataset) offer(form);
  }
  if (able) $$("[data-passkey-cannot]").forEach((said) => said.remove());

  for (const button of $$("[data-download]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      const address = URL.createObjectURL(new Blob([document.getElementById(button.dataset.download).textContent]));
      Object.assign(link, { href: address, download: button.dataset.name });
      link.click();
      URL.revokeObjectURL(address);
    });
  }
  for (const button of $$("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
