// Buttons and forms for the commands of the control plane.

import { html, useState } from "./htm-preact.js";
import { command } from "./api.js";
import { Action, Json, Secret, Time } from "./widgets.js";

// The fields that a kind of fault needs, with their default values.
const FAULTS = {
  status: { status: 503 },
  delay: { ms: 1000 },
  drop_before: {},
  drop_after: {},
  truncate: {},
  malformed: {},
  slow_body: { chunk_ms: 200 },
  close_idle: {},
};

/** A form whose button runs an action with the values of its fields. */
function Form({ name, label, run, children }) {
  const [result, setResult] = useState({});
  const submit = async (event) => {
    event.preventDefault();
    try {
      setResult({ text: (await run(Object.fromEntries(new FormData(event.target)))) ?? "Done" });
    } catch (error) {
      setResult({ error: error.message });
    }
  };
  return html`<form name=${name} onSubmit=${submit}>
    ${children}
    <span class="action"><button>${label}</button>
      <span role="status" class=${result.error ? "error" : "done"}>${result.error ?? result.text ?? ""}</span></span>
  </form>`;
}

function Faults({ summary }) {
  const [kind, setKind] = useState("status");
  const add = async ({ operation, count, ...fields }) => {
    const numbers = Object.entries(fields).filter(([name]) => name in FAULTS[kind]);
    const values = Object.fromEntries(numbers.map(([name, value]) => [name, Number(value)]));
    await command("fault", { operation, kind, count: Number(count), ...values });
    return "Added";
  };
  return html`<section><h2>Faults</h2>
    <${Form} name="fault" label="Add fault" run=${add}>
      <label>Operation <select name="operation"><option value="*">any</option>
        ${summary.operations.map((id) => html`<option value=${id}>${id}</option>`)}</select></label>
      <label>Kind <select name="kind" value=${kind} onChange=${(event) => setKind(event.target.value)}>
        ${Object.keys(FAULTS).map((own) => html`<option value=${own}>${own.replaceAll("_", " ")}</option>`)}</select></label>
      ${Object.entries(FAULTS[kind]).map(([name, value]) => html`<label key=${name}>${name.replaceAll("_", " ")}
        <input type="number" name=${name} min="0" defaultValue=${value} required /></label>`)}
      <label>Requests <input type="number" name="count" min="1" defaultValue="1" required /></label>
    <//>
    ${summary.faults.length > 0 && html`<h3>Pending</h3><${Json} value=${summary.faults} />`}
    <${Action} label="Remove all faults" name="clear-faults" run=${() => command("faults", undefined, "DELETE").then(() => "Removed")} />
  </section>`;
}

function Clock({ summary }) {
  const advance = (seconds) => () => command("clock", { advance_seconds: seconds }).then(() => "Moved");
  const set = async ({ at }) => {
    await command("clock", { set: `${at}${at.length === 16 ? ":00" : ""}Z` });
    return "Set";
  };
  return html`<section><h2>Clock</h2>
    <p>It is <${Time} at=${summary.now} /> UTC.</p>
    <div class="buttons">
      <${Action} label="+ 1 minute" name="minute" run=${advance(60)} />
      <${Action} label="+ 1 hour" name="hour" run=${advance(3600)} />
      <${Action} label="+ 1 day" name="day" run=${advance(86400)} />
    </div>
    <${Form} name="clock" label="Set clock" run=${set}>
      <label>Time (UTC) <input type="datetime-local" step="1" name="at" required /></label>
    <//>
  </section>`;
}

function Keys({ summary }) {
  return html`<section><h2>Signing keys</h2>
    <p>The active key is <code>${summary.signing_key}</code>.</p>
    <div class="buttons">
      <${Action} label="Rotate keys" name="rotate" run=${() => command("rotate-keys").then(() => "Rotated")} />
      <${Action} label="Remove old keys" name="drop-keys" run=${() => command("drop-old-keys").then(() => "Removed")} />
    </div>
  </section>`;
}

function IdentityProvider({ summary }) {
  const script = (body) => command("idp/script", body).then(() => "Scripted");
  const mode = summary.login_page ? "auto" : "page";
  const pending = summary.login_scripts === 1 ? "1 scripted login is" : `${summary.login_scripts} scripted logins are`;
  return html`<section><h2>Identity provider</h2>
    <p>${pending} pending. Without a script, a login ${summary.login_page
      ? "shows a page with two buttons"
      : "is approved at once"}.</p>
    <${Form} name="approve" label="Approve next login" run=${({ email }) => script({ approve: { email } })}>
      <label>Email <input type="email" name="email" defaultValue="ada@acme.example" required /></label>
    <//>
    <${Form} name="deny" label="Deny next login" run=${({ error }) => script({ deny: { error } })}>
      <label>Error <input name="error" defaultValue="access_denied" required /></label>
    <//>
    <div class="buttons">
      <${Action} label="Remove scripts" name="clear-scripts" run=${() => command("idp/script", undefined, "DELETE").then(() => "Removed")} />
      <${Action} label=${summary.login_page ? "Approve at once" : "Show login page"} name="mode"
        run=${() => command("idp/settings", { mode }).then(() => "Changed")} />
    </div>
  </section>`;
}

function Endpoint() {
  const [added, setAdded] = useState(null);
  const add = async ({ url }) => {
    setAdded(await command("webhooks/endpoints", { url }));
    return "Added";
  };
  return html`<section><h2>Webhook endpoint</h2>
    <${Form} name="endpoint" label="Add endpoint" run=${add}>
      <label>URL on this machine <input type="url" name="url" placeholder="http://127.0.0.1:8000/webhooks" required /></label>
    <//>
    ${added && html`<p><code>${added.id}</code> has the secret
      <${Secret} key=${added.id} what="webhook secret" name="webhook-secret" load=${async () => added.secrets[0]} /></p>`}
  </section>`;
}

function Reset() {
  const [armed, setArmed] = useState(false);
  const reset = async () => {
    await command("reset");
    setArmed(false);
    return "The emulator has been reset.";
  };
  return html`<section><h2>Reset</h2>
    <p>Deletes all objects, faults, emails and the request log, resets the clock and the settings, and creates the objects of
      the start again.</p>
    ${armed
      ? html`<div class="buttons"><${Action} label="Delete everything" name="confirm-reset" kind="danger" run=${reset} />
          <button type="button" onClick=${() => setArmed(false)}>Cancel</button></div>`
      : html`<button type="button" class="danger" name="reset" onClick=${() => setArmed(true)}>Reset…</button>`}
  </section>`;
}

export function Control({ summary }) {
  return html`<div class="cards">
    <${Faults} summary=${summary} /><${Clock} summary=${summary} /><${Keys} summary=${summary} />
    <${IdentityProvider} summary=${summary} /><${Endpoint} /><${Reset} />
  </div>`;
}
