//! Events about connected accounts. They belong to no organization, and hold no credentials.

use serde_json::{Value, json};

use super::Draft;
use crate::model::ConnectedAccount;

/// Any `connected_account.…` but `status_updated`.
pub(crate) fn account(what: &str, account: &ConnectedAccount) -> Draft {
    let mut data = common(account);
    let written = account.summary();
    for name in ["token_expires_at", "last_used_at"] {
        data[name] = written[name].clone();
    }
    draft(what, data)
}

/// `connected_account.status_updated`.
pub(crate) fn account_status(account: &ConnectedAccount, old_status: &str) -> Draft {
    let mut data = common(account);
    data["old_status"] = old_status.into();
    draft("status_updated", data)
}

fn common(account: &ConnectedAccount) -> Value {
    let written = account.summary();
    let mut data = json!({"connection_name": written["connector"]});
    for name in ["id", "identifier", "connection_id", "provider", "authorization_type", "status"] {
        data[name] = written[name].clone();
    }
    data
}

fn draft(what: &str, data: Value) -> Draft {
    Draft {
        event_type: format!("connected_account.{what}"),
        object: "ConnectedAccount".into(),
        organization_id: None,
        display_name: None,
        data,
    }
}
