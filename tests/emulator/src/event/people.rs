//! Events about memberships and login sessions of users.

use serde_json::{Value, json};

use super::{EventDraft, null_if_empty, organization_data};
use crate::model::{Organization, Session, User};

/// `user.signup`, `user.organization_invitation`, and `user.organization_membership_…`.
pub(crate) fn membership(action: &str, organization: &Organization, user: &User) -> EventDraft {
    EventDraft {
        event_type: format!("user.{action}"),
        object: "OrgMembership".into(),
        organization_id: Some(organization.id.clone()),
        display_name: None,
        data: json!({"organization": organization_data(organization), "user": user_data(user)}),
    }
}

/// Returns the `user` object of events, which has no memberships.
pub(crate) fn user_data(user: &User) -> Value {
    let mut data = json!(user);
    data["external_id"] = null_if_empty(&user.external_id);
    data
}

/// `user.login` and `user.logout`. `user` contains at least the ID.
pub(crate) fn session(action: &str, session: &Session, user: Value) -> EventDraft {
    let mut session_data = json!(session);
    if let Some(fields) = session_data.as_object_mut() {
        fields.remove("authenticated_clients");
    }
    session_data["status"] = session.status.to_ascii_uppercase().into();
    let organization_id = Some(session.organization_id.clone()).filter(|id| !id.is_empty());
    session_data["organization_id"] = json!(organization_id);
    EventDraft {
        event_type: format!("user.{action}"),
        object: "User".into(),
        organization_id,
        display_name: None,
        data: json!({"user": user, "user_session": session_data}),
    }
}
