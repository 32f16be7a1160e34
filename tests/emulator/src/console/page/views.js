// The lists: their columns, and how a row is identified.

import { html } from "./htm-preact.js";
import { State, Status, Time } from "./widgets.js";

const code = (text) => (text ? html`<code>${text}</code>` : "–");
const names = (list) => (list?.length ? list.join(", ") : "–");
const connection = (own) => `${own.provider || own.type}${own.enabled ? "" : " (off)"}`;

export function subject(mail) {
  if (mail.kind === "invitation") return `Invitation to ${mail.organization_name || mail.organization_id}`;
  return mail.template === "SIGNUP" ? "Finish signing up" : "Your sign-in code or link";
}

const byId = (row) => row.id;

/** `columns` are pairs of a title and a function of the row. The first one links to the details. */
export const VIEWS = {
  organizations: {
    title: "Organizations",
    key: byId,
    columns: [
      ["Name", (row) => row.display_name],
      ["ID", (row) => code(row.id)],
      ["External ID", (row) => row.external_id || "–"],
      ["Connections", (row) => names(row.connections.map(connection))],
      ["Users", (row) => row.users],
      ["Created", (row) => html`<${Time} at=${row.create_time} />`],
    ],
  },
  connections: {
    title: "Connections",
    key: byId,
    columns: [
      ["ID", byId],
      ["Organization", (row) => row.organization_name || "–"],
      ["Type", (row) => row.type],
      ["Provider", (row) => row.provider],
      ["Status", (row) => html`<${State} value=${row.status} />`],
      ["Enabled", (row) => (row.enabled ? "yes" : "no")],
    ],
  },
  directories: {
    title: "Directories",
    key: byId,
    columns: [
      ["Name", (row) => row.name || row.id],
      ["Organization", (row) => code(row.organization_id)],
      ["Provider", (row) => row.directory_provider],
      ["Users", (row) => row.total_users],
      ["Groups", (row) => row.total_groups],
      ["Status", (row) => html`<${State} value=${row.status} />`],
    ],
  },
  users: {
    title: "Users",
    key: byId,
    columns: [
      ["Email", (row) => row.email],
      ["Name", (row) => row.user_profile.name || [row.user_profile.given_name, row.user_profile.family_name].join(" ").trim() || "–"],
      ["ID", (row) => code(row.id)],
      ["Organizations", (row) => names(row.organizations)],
      ["Last login", (row) => html`<${Time} at=${row.last_login_time} />`],
    ],
  },
  sessions: {
    title: "Sessions",
    key: (row) => row.session_id,
    columns: [
      ["ID", (row) => row.session_id],
      ["User", (row) => row.email || row.user_id],
      ["Organization", (row) => code(row.organization_id)],
      ["Status", (row) => html`<${State} value=${row.status} />`],
      ["Last active", (row) => html`<${Time} at=${row.last_active_at} />`],
    ],
  },
  clients: {
    title: "M2M clients",
    key: (row) => row.client_id,
    columns: [
      ["Name", (row) => row.name || row.client_id],
      ["ID", (row) => code(row.client_id)],
      ["Organization", (row) => code(row.organization_id)],
      ["Scopes", (row) => names(row.scopes)],
      ["Created", (row) => html`<${Time} at=${row.create_time} />`],
    ],
  },
  outbox: {
    title: "Outbox",
    key: (row) => [row.sent_at, row.to, row.auth_request_id ?? row.organization_id].join("|"),
    columns: [
      ["Subject", subject],
      ["To", (row) => row.to],
      ["Code", (row) => code(row.code)],
      ["Sent", (row) => html`<${Time} at=${row.sent_at} />`],
    ],
  },
  requests: {
    title: "Requests",
    key: (row) => String(row.sequence),
    columns: [
      ["Request", (row) => `${row.method} ${row.path}`],
      ["Status", (row) => html`<${Status} code=${row.status} />`],
      ["Operation", (row) => row.operation ?? "unknown"],
      ["State", (row) => html`<${State} value=${row.handled || row.status === null ? row.state : "fault"} />`],
      ["Warnings", (row) => (row.warnings ? html`<span class="badge warn">${row.warnings}</span>` : "–")],
    ],
  },
  deliveries: {
    title: "Webhooks",
    key: (row) => `${row.event_id}|${row.endpoint_id}`,
    columns: [
      ["Event", (row) => row.event_type],
      ["Event ID", (row) => code(row.event_id)],
      ["Endpoint", (row) => code(row.endpoint_id)],
      ["State", (row) => html`<${State} value=${row.state} />`],
      ["Attempts", (row) => row.attempts.length],
    ],
  },
};
