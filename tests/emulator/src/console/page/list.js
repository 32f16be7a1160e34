// One page of a list, with its filters.

import { html, useEffect, useRef, useState } from "./htm-preact.js";
import { read } from "./api.js";
import { Details } from "./details.js";
import { VIEWS } from "./views.js";

const LIMIT = 50;

/** The URL of the details of a row. */
const address = (kind, key) => `#${kind}/${encodeURIComponent(key)}`;

function Filters({ kind, filters, change }) {
  const set = (name) => (event) => change({ [name]: event.target.type === "checkbox" ? event.target.checked : event.target.value });
  return html`<form class="filters" role="search" onSubmit=${(event) => event.preventDefault()}>
    <label>Search <input type="search" name="search" value=${filters.search} onInput=${set("search")} /></label>
    ${kind === "requests" &&
    html`<label>Status
        <select name="status" value=${filters.status} onChange=${set("status")}>
          <option value="">any</option>
          ${["2", "3", "4", "5"].map((digit) => html`<option value=${digit}>${digit}xx</option>`)}
          <option value="none">no response</option>
        </select></label>
      <label class="check"><input type="checkbox" name="warnings" checked=${filters.warnings} onChange=${set("warnings")} />
        With warnings</label>`}
  </form>`;
}

function Pages({ offset, rows, total, go }) {
  const last = offset + rows;
  const count = total.toLocaleString("en-US");
  return html`<div class="pages">
    <span role="status">${rows ? `${offset + 1}–${last} of ${count}` : `0 of ${count}`}</span>
    <button type="button" name="newer" disabled=${offset === 0} onClick=${() => go(Math.max(0, offset - LIMIT))}>Newer</button>
    <button type="button" name="older" disabled=${last >= total} onClick=${() => go(offset + LIMIT)}>Older</button>
  </div>`;
}

function Row({ kind, view, row, selected }) {
  const key = view.key(row);
  const cells = view.columns.map(([title, content], index) => {
    const text = content(row);
    const link = html`<a href=${address(kind, key)}>${text || "(no name)"}</a>`;
    return html`<td data-title=${title}>${index ? text : link}</td>`;
  });
  return html`<tr class=${selected === key ? "selected" : ""}>${cells}</tr>`;
}

/** Returns the focus to the row whose details were closed, from which it came. */
function useReturnedFocus(kind, selected) {
  const last = useRef(selected);
  useEffect(() => {
    if (!selected && last.current) document.querySelector(`tbody a[href="${address(kind, last.current)}"]`)?.focus();
    last.current = selected;
  }, [selected]);
}

/** `tick` increases with each change of the emulator. */
export function List({ kind, selected, tick, summary }) {
  const view = VIEWS[kind];
  const [filters, setFilters] = useState({ search: "", status: "", warnings: false });
  const [offset, setOffset] = useState(0);
  const [page, setPage] = useState({ total: 0, rows: null });
  const [error, setError] = useState("");
  const change = (changed) => {
    setFilters({ ...filters, ...changed });
    setOffset(0);
  };
  useEffect(() => {
    const abort = new AbortController();
    read(kind, { ...filters, offset, limit: LIMIT }, abort.signal)
      .then((found) => {
        setPage(found);
        setError("");
      })
      .catch((failure) => abort.signal.aborted || setError(failure.message));
    return () => abort.abort();
  }, [kind, filters, offset, tick]);
  useReturnedFocus(kind, selected);
  const rows = page.rows ?? [];
  return html`<div class=${selected ? "split" : ""}>
    <section class="list" aria-label=${view.title}>
      <div class="bar">
        <${Filters} kind=${kind} filters=${filters} change=${change} />
        <${Pages} offset=${offset} rows=${rows.length} total=${page.total} go=${setOffset} />
      </div>
      ${error && html`<p class="error" role="alert">${error}</p>`}
      <table class=${kind}>
        <thead><tr>${view.columns.map(([title]) => html`<th scope="col">${title}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => html`<${Row} key=${view.key(row)} kind=${kind} view=${view} row=${row} selected=${selected} />`)}</tbody>
      </table>
      ${page.rows?.length === 0 && html`<p class="empty">None yet, or none that match.</p>`}
    </section>
    ${selected && html`<${Details} key=${`${kind}/${selected}`} kind=${kind} id=${selected} row=${rows.find((row) => view.key(row) === selected)} tick=${tick} summary=${summary} />`}
  </div>`;
}
