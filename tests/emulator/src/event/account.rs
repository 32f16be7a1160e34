//! Events about connected accounts. They have no `organization_id` and contain no credentials.

use serde_json::{Value, json};

use super::EventDraft;
use crate::model::ConnectedAccount;

/// Any `connected_account.…` event except `status_updated`.
pub(crate) fn account(action: &str, account: &ConnectedAccount) -> EventDraft {
    let mut data = common(account);
    let summary = account.summary();
    for name in ["token_expires_at", "last_used_at"] {
        data[name] = summary[name].clone();
    }
    draft(action, data)
}

/// `connected_account.status_updated`.
pub(crate) fn account_status(account: &ConnectedAccount, old_status: &str) -> EventDraft {
    let mut data = common(account);
    data["old_status"] = old_status.into();
    draft("status_updated", data)
}

fn common(account: &ConnectedAccount) -> Value {
    let summary = account.summary();
    let mut data = json!({"connection_name": summary["connector"]});
    for name in ["id", "identifier", "connection_id", "provider", "authorization_type", "status"] {
        data[name] = summary[name].clone();
    }
    data
}

fn draft(action: &str, data: Value) -> EventDraft {
    EventDraft {
        event_type: format!("connected_account.{action}"),
        object: "ConnectedAccount".into(),
        organization_id: None,
        display_name: None,
        data,
    }
}
