//! Deleting objects that others depend on: each cascade once, which removes the objects and emits an event for each of
//! them. Events of dependents come first.

use std::collections::HashSet;

use super::members::emit_membership_event;
use super::sessions::revoke_sessions;
use crate::clock::Instant;
use crate::error::ApiError;
use crate::event;
use crate::login_state::Sessions;
use crate::model::{ConnectedAccount, Directory, Membership, Organization, Role};
use crate::store::Store;
use crate::webhooks::EventSink;

/// Deletes an organization and everything that belongs to it. Its users are kept, even without another organization.
/// The users and groups of its directories have no events, because there can be very many.
pub(crate) fn delete_organization(
    store: &mut Store,
    events: &EventSink,
    organization: &Organization,
    now: Instant,
) {
    let id = organization.id.as_str();
    let connections = store.connections.remove_all(|own| own.organization_id == id);
    events.emit_all(connections.iter().map(|own| event::connection("deleted", own)));
    let domains = store.domains.remove_all(|own| own.organization_id == id);
    events.emit_all(domains.iter().map(|own| event::domain("deleted", own)));
    delete_directories(store, events, id, now);
    delete_accounts(store, events, |own| own.owner.organization_id == id);
    delete_memberships(store, events, |own| own.organization_id == id);
    let roles = store.roles.remove_all(|own| own.organization_id == id);
    events.emit_all(roles.iter().map(|own| event::role("deleted", own)));
    store.default_roles.member_by_organization.remove(id);
    store.clients.retain(|own| own.organization_id != id);
    store.portal_links.retain(|own| own.organization_id != id);
    store.organizations.remove(id);
    events.emit(event::organization("deleted", organization, now));
}

/// Deletes the directories of an organization with their users and groups. The event of a directory is that it is
/// disabled.
fn delete_directories(store: &mut Store, events: &EventSink, organization_id: &str, now: Instant) {
    let directories = store.directories.remove_all(|own| own.organization_id == organization_id);
    let ids: HashSet<&str> = directories.iter().map(|own| own.id.as_str()).collect();
    store.directory_users.retain(|own| !ids.contains(own.directory_id.as_str()));
    store.directory_groups.retain(|own| !ids.contains(own.directory_id.as_str()));
    for directory in directories.into_iter().filter(|own| own.enabled) {
        events.emit(event::directory("disabled", &Directory { enabled: false, ..directory }, now));
    }
}

/// Deletes a user with their memberships, passkeys and connected accounts, and revokes their sessions.
pub(crate) fn delete_user(
    store: &mut Store,
    events: &EventSink,
    browsers: &Sessions,
    id: &str,
    now: Instant,
) {
    revoke_sessions(store, events, browsers, id, now);
    delete_accounts(store, events, |own| own.owner.user_id == id);
    delete_memberships(store, events, |own| own.user_id == id);
    store.passkeys.retain(|own| own.user_id != id);
    store.users.remove(id);
}

/// Removes a user from an organization. A user without another organization is deleted, as the service does by
/// default.
pub(crate) fn delete_membership(
    store: &mut Store,
    events: &EventSink,
    browsers: &Sessions,
    (organization_id, user_id): (&str, &str),
    now: Instant,
) {
    delete_memberships(store, events, |own| own.organization_id == organization_id && own.user_id == user_id);
    if store.memberships_of(user_id).next().is_none() {
        delete_user(store, events, browsers, user_id, now);
    }
}

/// The organizations and the users of the memberships must still exist, because the events contain both.
fn delete_memberships(store: &mut Store, events: &EventSink, is_deleted: impl Fn(&Membership) -> bool) {
    for own in store.memberships.remove_all(is_deleted) {
        let deleted = "organization_membership_deleted";
        emit_membership_event(store, events, deleted, &own.organization_id, &own.user_id);
    }
}

pub(crate) fn delete_accounts(
    store: &mut Store,
    events: &EventSink,
    is_deleted: impl Fn(&ConnectedAccount) -> bool,
) {
    let deleted = store.connected_accounts.remove_all(is_deleted);
    events.emit_all(deleted.iter().map(|own| event::account("deleted", own)));
}

/// Deletes a role. If it is in use, `other` replaces it everywhere.
pub(crate) fn delete_role(
    store: &mut Store,
    events: &EventSink,
    role: &Role,
    other: Option<&str>,
) -> Result<(), ApiError> {
    let ids = |own: &Membership| (own.organization_id.clone(), own.user_id.clone());
    let holders: Vec<_> = store.memberships_with_role(role).map(ids).collect();
    let dependents = store.dependents(role);
    let dependents: Vec<_> = dependents.map(|own| Role::key(&own.organization_id, &own.name)).collect();
    store.remove_role(role, other)?;
    let dependents = dependents.iter().filter_map(|key| store.roles.get(key));
    events.emit_all(dependents.map(|own| event::role("updated", own)));
    for (organization_id, user_id) in holders {
        emit_membership_event(store, events, "organization_membership_updated", &organization_id, &user_id);
    }
    events.emit(event::role("deleted", role));
    Ok(())
}
