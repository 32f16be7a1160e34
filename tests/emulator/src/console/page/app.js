// The console: header, navigation, and the view that the fragment of the URL names.

import { html, render, useEffect, useState } from "./htm-preact.js";
import { follow, read } from "./api.js";
import { Control } from "./control.js";
import { List } from "./list.js";
import { VIEWS } from "./views.js";
import { Copy, Secret } from "./widgets.js";

/** The view and the selected row: `#users/usr_1`. */
function route() {
  const [kind, ...rest] = location.hash.slice(1).split("/");
  if (kind === "control") return { kind };
  if (!(kind in VIEWS)) return { kind: "organizations" };
  try {
    return { kind, selected: decodeURIComponent(rest.join("/")) || undefined };
  } catch {
    return { kind };
  }
}

function useRoute() {
  const [current, setCurrent] = useState(route());
  useEffect(() => {
    const update = () => setCurrent(route());
    addEventListener("hashchange", update);
    return () => removeEventListener("hashchange", update);
  }, []);
  return current;
}

/** The summary of the emulator, a number that increases with each change, and whether the emulator responds. */
function useEmulator() {
  const [state, setState] = useState({ tick: 0, live: false, summary: null });
  useEffect(() => {
    const abort = new AbortController();
    const changed = async () => {
      const summary = await read("summary", {}, abort.signal).catch(() => null);
      setState((old) => ({ tick: old.tick + 1, live: summary !== null, summary: summary ?? old.summary }));
    };
    follow(changed, () => setState((old) => ({ ...old, live: false })), abort.signal);
    return () => abort.abort();
  }, []);
  return state;
}

function Header({ summary, live }) {
  const load = async () => (await read("credentials")).client_secret;
  return html`<header>
    <h1>Scalekit emulator <span role="status" class="badge ${live ? "good" : "bad"}">${live ? "live" : "not connected"}</span></h1>
    <dl class="credentials">
      <div><dt>Environment URL</dt><dd><code>${summary.environment_url}</code> <${Copy} text=${summary.environment_url} what="environment URL" /></dd></div>
      <div><dt>Client ID</dt><dd><code>${summary.client_id}</code> <${Copy} text=${summary.client_id} what="client ID" /></dd></div>
      <div><dt>Client secret</dt><dd><${Secret} what="client secret" name="client-secret" load=${load} /></dd></div>
    </dl>
  </header>`;
}

function Navigation({ current, counts }) {
  const entries = [...Object.entries(VIEWS).map(([kind, view]) => [kind, view.title]), ["control", "Control"]];
  return html`<nav aria-label="Views"><ul>${entries.map(
    ([kind, title]) => html`<li><a href=${`#${kind}`} aria-current=${current === kind ? "page" : undefined}>
      ${title}${kind in counts && html` <span class="count">${counts[kind].toLocaleString("en-US")}</span>`}</a></li>`,
  )}</ul></nav>`;
}

function App() {
  const { kind, selected } = useRoute();
  const { summary, live, tick } = useEmulator();
  useEffect(() => {
    const close = (event) => {
      if (event.key === "Escape" && selected) location.hash = kind;
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [kind, selected]);
  if (!summary) return html`<main><h1>Scalekit emulator</h1><p>Loading…</p></main>`;
  return html`<${Header} summary=${summary} live=${live} />
    <div class="frame">
      <${Navigation} current=${kind} counts=${summary.counts} />
      <main id="main">
        <h2 class="title">${kind === "control" ? "Control" : VIEWS[kind].title}</h2>
        ${kind === "control"
          ? html`<${Control} summary=${summary} />`
          : html`<${List} key=${kind} kind=${kind} selected=${selected} tick=${tick} summary=${summary} />`}
      </main>
    </div>`;
}

const root = document.getElementById("app");
root.replaceChildren();
render(html`<${App} />`, root);
