//! Session policies and user management settings of organizations.

use serde_json::json;

use super::{Call, Entry};
use crate::error::ApiError;
use crate::reply::{Outcome, Reply};
use crate::store::Store;
use crate::validate::{Field, enumeration, flag, integer, object};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("organizations.get_session_policy", get_session_policy),
    Entry::new("organizations.update_session_policy", update_session_policy).body(SESSION_POLICY),
    Entry::new("organizations.update_user_management_settings", update_user_management).body(USER_MANAGEMENT),
];

const UNITS: &[(&str, i64)] = &[("MINUTES", 1), ("HOURS", 2), ("DAYS", 3)];

const SESSION_POLICY: &[Field] = &[
    enumeration("policy_source", &[("APPLICATION", 1), ("CUSTOM", 2)]),
    integer("absolute_session_timeout", 1, i32::MAX as i64),
    enumeration("absolute_session_timeout_unit", UNITS),
    flag("idle_session_timeout_enabled"),
    integer("idle_session_timeout", 1, i32::MAX as i64),
    enumeration("idle_session_timeout_unit", UNITS),
];

const USER_MANAGEMENT: &[Field] = &[object("settings", USER_SETTINGS).required()];

const USER_SETTINGS: &[Field] = &[integer("max_allowed_users", 0, i32::MAX as i64)];

fn get_session_policy(store: &mut Store, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"policy": call.organization(store)?.session_policy.json()})))
}

fn update_session_policy(store: &mut Store, call: &Call) -> Outcome {
    let mut organization = call.organization(store)?.clone();
    let policy = &mut organization.session_policy;
    if let Some(source) = call.text("policy_source") {
        policy.custom = source == "CUSTOM";
    }
    if let Some(minutes) = minutes(call, "absolute_session_timeout", "absolute_session_timeout_unit")? {
        policy.own.absolute = minutes;
    }
    if let Some(minutes) = minutes(call, "idle_session_timeout", "idle_session_timeout_unit")? {
        policy.own.idle = minutes;
    }
    if let Some(enabled) = call.field("idle_session_timeout_enabled")? {
        policy.own.idle_enabled = enabled;
    }
    policy.check()?;
    let body = json!({"policy": policy.json()});
    organization.update_time = call.now;
    store.organizations.put(organization);
    Ok(Reply::ok(body))
}

/// A timeout in minutes, the default unit.
fn minutes(call: &Call, length: &str, unit: &'static str) -> Result<Option<i64>, ApiError> {
    let factor = match call.text(unit) {
        Some("DAYS") => 24 * 60,
        Some("HOURS") => 60,
        _ => 1,
    };
    match call.integer(length) {
        None if call.text(unit).is_some() => {
            Err(ApiError::invalid_field(unit, "session_policy.unit", format!("requires {length}")))
        }
        length => Ok(length.map(|length| length * factor)),
    }
}

fn update_user_management(store: &mut Store, call: &Call) -> Outcome {
    let mut organization = call.organization(store)?.clone();
    if let Some(max) = call.body["settings"]["max_allowed_users"].as_i64() {
        organization.max_allowed_users = max;
    }
    let body = json!({"settings": {"max_allowed_users": organization.max_allowed_users}});
    organization.update_time = call.now;
    store.organizations.put(organization);
    Ok(Reply::ok(body))
}
