// Small elements that every view uses.

import { html, useState } from "./htm-preact.js";

/** A timestamp, to the second. The full one is the title. */
export function Time({ at }) {
  if (!at) return "–";
  return html`<time datetime=${at} title=${at}>${String(at).slice(0, 19).replace("T", " ")}</time>`;
}

const GOOD = ["active", "completed", "delivered", "verified", "enabled"];
const BAD = ["failed", "dropped", "aborted", "revoked", "error"];

/** A state as a colored word. */
export function State({ value }) {
  const word = String(value ?? "–").toLowerCase().replaceAll("_", " ");
  const kind = GOOD.includes(word) ? "good" : BAD.includes(word) ? "bad" : "plain";
  return html`<span class="badge ${kind}">${word}</span>`;
}

export function Status({ code }) {
  if (code === null || code === undefined) return html`<span class="badge bad">none</span>`;
  const kind = code < 300 ? "good" : code < 400 ? "plain" : "bad";
  return html`<span class="badge ${kind}">${code}</span>`;
}

/** A button whose click runs an action. A failure is shown next to it. */
export function Action({ label, name, run, kind = "" }) {
  const [result, setResult] = useState(null);
  const click = async () => {
    try {
      const text = await run();
      setResult({ text: text ?? "Done" });
    } catch (error) {
      setResult({ error: error.message });
    }
  };
  const shown = result?.error ?? result?.text ?? "";
  return html`<span class="action">
    <button type="button" class=${kind} name=${name} onClick=${click}>${label}</button>
    <span role="status" class=${result?.error ? "error" : "done"}>${shown}</span>
  </span>`;
}

/** A button that copies a text. `what` tells several of them apart. */
export function Copy({ text, what, name }) {
  const copy = async () => {
    if (!navigator.clipboard) throw new Error("The browser allows copying only at localhost or with HTTPS.");
    await navigator.clipboard.writeText(text);
    return "Copied";
  };
  return html`<${Action} label=${html`Copy<span class="hidden"> ${what}</span>`} name=${name} run=${copy} kind="small" />`;
}

export const MASK = "••••••••";

/** A secret that is not in the page until it is shown. `load` fetches it. */
export function Secret({ what, load, name }) {
  const [secret, setSecret] = useState(null);
  const toggle = async () => {
    setSecret(secret === null ? await load() : null);
    return "";
  };
  const label = html`${secret === null ? "Show" : "Hide"}<span class="hidden"> ${what}</span>`;
  return html`<code>${secret ?? MASK}</code>
    <${Action} label=${label} name=${name} run=${toggle} kind="small" />
    ${secret !== null && html`<${Copy} text=${secret} what=${what} />`}`;
}

export function Json({ value }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return html`<pre>${text}</pre>`;
}

/** A link to a page of the application. Other schemes, such as `javascript:`, stay text. */
export function WebLink({ url, children }) {
  if (!/^https?:\/\//i.test(url ?? "")) return html`<code>${url}</code>`;
  return html`<a href=${url} target="_blank" rel="noopener noreferrer">${children ?? url}</a>`;
}
