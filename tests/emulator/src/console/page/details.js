// The panel with the details of one row.

import { html, useEffect, useRef, useState } from "./htm-preact.js";
import { command, read } from "./api.js";
import { curl } from "./curl.js";
import { subject } from "./views.js";
import { Action, Copy, Json, State, Status, Time, WebLink } from "./widgets.js";

const LOADED = ["organizations", "connections", "directories", "users", "sessions", "clients", "requests"];

/** Fields with text or numbers in a table, and the others as JSON. */
function Fields({ value }) {
  const entries = Object.entries(value).filter(([, field]) => field !== null && field !== "");
  const isPlain = ([, field]) => typeof field !== "object";
  const isFilled = ([, field]) => typeof field === "object" && Object.keys(field).length > 0;
  return html`<dl>${entries.filter(isPlain).map(([name, field]) => html`<div><dt>${name}</dt><dd>${String(field)}</dd></div>`)}</dl>
    ${entries.filter(isFilled).map(([name, field]) => html`<h3>${name}</h3><${Json} value=${field} />`)}`;
}

function Mail({ mail }) {
  const name = mail.organization_name || mail.organization_id;
  return html`<article class="mail" aria-label="Email">
    <dl>
      <div><dt>To</dt><dd>${mail.to}</dd></div>
      <div><dt>Subject</dt><dd>${subject(mail)}</dd></div>
      <div><dt>Sent</dt><dd><${Time} at=${mail.sent_at} /></dd></div>
    </dl>
    <p>Hello,</p>
    ${mail.kind === "invitation"
      ? html`<p>you have been invited to join <strong>${name}</strong>. Sign in to accept the invitation.</p>`
      : html`<p>someone asked to sign in with this email address.</p>`}
    ${mail.code && html`<p>Your code: <strong class="code">${mail.code}</strong> <${Copy} text=${mail.code} what="code" name="copy-code" /></p>`}
    ${mail.link && html`<p>Your link: <${WebLink} url=${mail.link} /> <${Copy} text=${mail.link} what="link" name="copy-link" /></p>`}
    ${mail.expires_at && html`<p>It expires at <${Time} at=${mail.expires_at} />.</p>`}
  </article>
  <details><summary>All fields</summary><${Json} value=${mail} /></details>`;
}

function Delivery({ delivery }) {
  const resend = async () => {
    await command("webhooks/resend", { event_id: delivery.event_id, endpoint_id: delivery.endpoint_id });
    return "Sent again";
  };
  return html`<p><${State} value=${delivery.state} /> to <code>${delivery.endpoint_id}</code></p>
    <h3>Attempts</h3>
    <ol>${delivery.attempts.map((attempt) => html`<li><${Status} code=${attempt.status} /> ${attempt.error ?? ""}</li>`)}</ol>
    <${Action} label="Resend" name="resend" run=${resend} />
    <h3>Payload</h3>
    <${Json} value=${delivery.body} />`;
}

/** A new token and the client secret, for a command that works when it is pasted. */
async function loadSecrets() {
  const [{ client_secret }, { token }] = await Promise.all([read("credentials"), command("token", { kind: "machine" })]);
  return { client_secret, token };
}

function Exchange({ found, environmentUrl, reveal, setReveal }) {
  const [secrets, setSecrets] = useState(null);
  const { request, response } = found;
  const toggle = async () => {
    setSecrets(reveal ? null : await loadSecrets());
    setReveal(!reveal);
    return "";
  };
  const text = curl(request, environmentUrl, secrets);
  return html`<p><${Status} code=${request.status} /> <${State} value=${request.state} />
      ${!request.handled && request.status !== null && html` <span class="badge warn">answered by a fault</span>`}</p>
    ${request.warnings.length > 0 && html`<h3>Warnings</h3><ul class="warnings">${request.warnings.map((own) => html`<li>${own}</li>`)}</ul>`}
    <h3>curl</h3>
    <pre class="curl">${text}</pre>
    <p><${Copy} text=${text} what="curl command" name="copy-curl" />
      <${Action} label=${reveal ? "Hide secrets" : "Show secrets"} name="reveal" run=${toggle} kind="small" /></p>
    <h3>Request headers</h3>
    <dl>${Object.entries(request.headers).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    ${request.body !== null && html`<h3>Request body</h3><${Json} value=${request.body} />`}
    <h3>Response body</h3>
    ${response === null ? html`<p class="empty">Empty, or no longer kept.</p>` : html`<${Json} value=${response} />`}`;
}

function Content({ kind, value, environmentUrl, reveal, setReveal }) {
  if (kind === "outbox") return html`<${Mail} mail=${value} />`;
  if (kind === "deliveries") return html`<${Delivery} delivery=${value} />`;
  if (kind !== "requests") return html`<${Fields} value=${value} />`;
  return html`<${Exchange} found=${value} environmentUrl=${environmentUrl} reveal=${reveal} setReveal=${setReveal} />`;
}

function titleOf(kind, id, value) {
  if (kind === "outbox") return value ? subject(value) : "Email";
  if (kind === "deliveries") return value?.event_type ?? "Delivery";
  if (kind === "requests") return value ? `${value.request.method} ${value.request.path}` : `Request ${id}`;
  return value?.display_name || value?.email || value?.name || id;
}

/** `row` is the row of the list, if it is on the current page. */
export function Details({ kind, id, row, tick, summary }) {
  const [loaded, setLoaded] = useState(null);
  const [error, setError] = useState("");
  const [reveal, setReveal] = useState(false);
  const heading = useRef(null);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (!LOADED.includes(kind)) return undefined;
    const abort = new AbortController();
    read(`${kind}/${encodeURIComponent(id)}`, { reveal }, abort.signal)
      .then((found) => {
        setLoaded(found);
        setError("");
      })
      .catch((failure) => abort.signal.aborted || setError(failure.message));
    return () => abort.abort();
  }, [tick, reveal]);
  // A row that has moved to another page stays open as it was.
  useEffect(() => {
    if (row && !LOADED.includes(kind)) setLoaded(row);
  }, [row]);
  return html`<section class="details" aria-labelledby="details-title">
    <div class="bar">
      <h2 id="details-title" tabindex="-1" ref=${heading}>${titleOf(kind, id, loaded)}</h2>
      <a class="button" id="close" href=${`#${kind}`}>Close</a>
    </div>
    ${error && html`<p class="error" role="alert">It no longer exists, or could not be read: ${error}</p>`}
    ${loaded && html`<${Content} kind=${kind} value=${loaded} environmentUrl=${summary.environment_url} reveal=${reveal} setReveal=${setReveal} />`}
  </section>`;
}
