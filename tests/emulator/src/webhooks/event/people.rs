//! Events about people: what they are in organizations, and when they log in and out.

use serde_json::{Value, json};

use super::{Draft, filled, organization_data};
use crate::model::{Organization, Session, User};

/// `user.signup`, `user.organization_invitation`, and `user.organization_membership_…`.
pub(crate) fn membership(what: &str, organization: &Organization, user: &User) -> Draft {
    Draft {
        event_type: format!("user.{what}"),
        object: "OrgMembership".into(),
        organization_id: Some(organization.id.clone()),
        display_name: None,
        data: json!({"organization": organization_data(organization), "user": user_data(user)}),
    }
}

/// A user, as events write one: without the memberships.
pub(crate) fn user_data(user: &User) -> Value {
    let mut data = json!(user);
    data["external_id"] = filled(&user.external_id);
    data
}

/// `user.login` and `user.logout`, with the person as far as they are known.
pub(crate) fn session(what: &str, session: &Session, user: Value) -> Draft {
    let mut own = json!(session);
    if let Some(fields) = own.as_object_mut() {
        fields.remove("authenticated_clients");
    }
    own["status"] = session.status.to_ascii_uppercase().into();
    let organization_id = Some(session.organization_id.clone()).filter(|id| !id.is_empty());
    own["organization_id"] = json!(organization_id);
    Draft {
        event_type: format!("user.{what}"),
        object: "User".into(),
        organization_id,
        display_name: None,
        data: json!({"user": user, "user_session": own}),
    }
}
