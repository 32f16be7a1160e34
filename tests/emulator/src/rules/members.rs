//! New organizations and members, and what a login changes for a user.

use serde_json::json;

use crate::clock::Instant;
use crate::event;
use crate::json::overlay;
use crate::model::{ConnectionDraft, Membership, Organization, User};
use crate::store::Store;
use crate::webhooks::EventSink;

/// Saves a new organization and its automatic connection: configured, but not enabled.
pub(crate) fn add_organization(
    store: &mut Store,
    events: &EventSink,
    organization: Organization,
    now: Instant,
) {
    let draft = store.auto_connection.then(ConnectionDraft::default);
    let automatic = draft.map(|draft| store.new_connection(&draft, &organization.id, now));
    events.emit(event::organization("created", &organization, now));
    store.organizations.put(organization);
    if let Some(connection) = automatic {
        events.emit(event::connection("created", &connection));
        store.connections.put(connection);
    }
}

/// Saves a user with a new membership, and sends the invitation email if it is pending.
pub(crate) fn add_membership(
    store: &mut Store,
    events: &EventSink,
    mut user: User,
    membership: Membership,
    now: Instant,
) -> User {
    let (organization_id, user_id) = (membership.organization_id.clone(), user.id.clone());
    let invited = membership.is_pending(now);
    if invited {
        send_invitation(store, &membership, &user.email, now);
    } else {
        user.user_profile.email_verified = true;
    }
    store.memberships.put(membership);
    store.users.put(user.clone());
    let what = if invited { "organization_invitation" } else { "organization_membership_created" };
    emit_membership_event(store, events, what, &organization_id, &user_id);
    user
}

/// Records a login: verifies the email address of the user and accepts their invitations. Returns the IDs of the
/// organizations joined.
pub(crate) fn record_login(
    store: &mut Store,
    events: &EventSink,
    user_id: &str,
    now: Instant,
) -> Vec<String> {
    if let Some(user) = store.users.get_mut(user_id) {
        user.user_profile.email_verified = true;
        user.last_login_time = Some(now);
    }
    let own = store.memberships.iter_mut().filter(|own| own.user_id == user_id);
    let accepted = own.filter_map(|own| own.accept(now).then(|| own.organization_id.clone()));
    let accepted: Vec<_> = accepted.collect();
    for organization_id in &accepted {
        emit_membership_event(store, events, "organization_membership_created", organization_id, user_id);
    }
    accepted
}

/// Emits the event `user.<what>`, if the organization and the user exist.
pub(crate) fn emit_membership_event(
    store: &Store,
    events: &EventSink,
    what: &str,
    organization_id: &str,
    user_id: &str,
) {
    let organization = store.organizations.get(organization_id);
    if let (Some(organization), Some(user)) = (organization, store.users.get(user_id)) {
        events.emit(event::membership(what, organization, user));
    }
}

pub(crate) fn send_invitation(store: &mut Store, membership: &Membership, email: &str, now: Instant) {
    let organization = store.organizations.get(&membership.organization_id);
    let name = organization.map_or("", |organization| &organization.display_name);
    let mut mail = json!({"kind": "invitation", "to": email, "sent_at": now, "organization_name": name});
    overlay(&mut mail, &membership.invitation(now));
    store.add_mail(mail);
}
