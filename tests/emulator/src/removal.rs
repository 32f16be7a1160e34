//! Deleting objects that others depend on, with an event for each deleted object. Events of dependents come first.

use crate::clock::Instant;
use crate::environment::{Environment, Store};
use crate::error::ApiError;
use crate::login;
use crate::model::{ConnectedAccount, Directory, Membership, Organization, Role};
use crate::webhooks::{EventDraft, event};

impl Store {
    fn membership_deletion_events<'a>(
        &'a self,
        is_deleted: impl Fn(&Membership) -> bool + 'a,
    ) -> impl Iterator<Item = EventDraft> + 'a {
        self.memberships.iter().filter(move |own| is_deleted(own)).filter_map(|own| {
            let organization = self.organizations.get(&own.organization_id)?;
            let user = self.users.get(&own.user_id)?;
            Some(event::membership("organization_membership_deleted", organization, user))
        })
    }

    fn account_deletion_events(&self, is_deleted: impl Fn(&ConnectedAccount) -> bool) -> Vec<EventDraft> {
        let deleted = self.connected_accounts.iter().filter(|own| is_deleted(own));
        deleted.map(|own| event::account("deleted", own)).collect()
    }

    /// The events of deleting an organization. The users and groups of its directories have none, because there can be
    /// very many.
    fn organization_deletion_events(&self, organization: &Organization, now: Instant) -> Vec<EventDraft> {
        let id = organization.id.as_str();
        let connections = self.connections.iter().filter(|own| own.organization_id == id);
        let domains = self.domains.iter().filter(|own| own.organization_id == id);
        let directories = self.directories.iter().filter(|own| own.organization_id == id && own.enabled);
        let disabled = |own: &Directory| Directory { enabled: false, ..own.clone() };
        let roles = self.roles.iter().filter(|own| own.organization_id == id);
        let mut events: Vec<_> = connections.map(|own| event::connection("deleted", own)).collect();
        events.extend(domains.map(|own| event::domain("deleted", own)));
        events.extend(directories.map(|own| event::directory("disabled", &disabled(own), now)));
        events.extend(self.account_deletion_events(|own| own.owner.organization_id == id));
        events.extend(self.membership_deletion_events(|own| own.organization_id == id));
        events.extend(roles.map(|own| event::role("deleted", own)));
        events.push(event::organization("deleted", organization, now));
        events
    }
}

impl Environment {
    pub(crate) fn delete_organization(&mut self, organization: &Organization, now: Instant) {
        let events = self.store.organization_deletion_events(organization, now);
        self.store.delete_organization(&organization.id);
        self.emit_all(events);
    }

    /// Deletes a user with their memberships, passkeys and connected accounts, and revokes their sessions.
    pub(crate) fn delete_user(&mut self, id: &str, now: Instant) {
        login::revoke_sessions(self, id, now);
        let mut events = self.store.account_deletion_events(|own| own.owner.user_id == id);
        events.extend(self.store.membership_deletion_events(|own| own.user_id == id));
        self.store.delete_user(id);
        self.emit_all(events);
    }

    /// Removes a user from an organization. A user without another organization is deleted, as the service does by
    /// default.
    pub(crate) fn delete_membership(&mut self, organization_id: &str, user_id: &str, now: Instant) {
        let key = Membership::key(organization_id, user_id);
        self.emit_membership_event("organization_membership_deleted", organization_id, user_id);
        self.store.memberships.remove(&key);
        if self.store.memberships_of(user_id).next().is_none() {
            self.delete_user(user_id, now);
        }
    }

    pub(crate) fn delete_accounts(&mut self, is_deleted: impl Fn(&ConnectedAccount) -> bool) {
        let events = self.store.account_deletion_events(&is_deleted);
        self.store.connected_accounts.retain(|own| !is_deleted(own));
        self.emit_all(events);
    }

    /// Deletes a role. If it is in use, `other` replaces it everywhere.
    pub(crate) fn delete_role(&mut self, role: &Role, other: Option<&str>) -> Result<(), ApiError> {
        let ids = |own: &Membership| (own.organization_id.clone(), own.user_id.clone());
        let holders: Vec<_> = self.store.memberships_with_role(role).map(ids).collect();
        let dependents = self.store.dependents(role);
        let dependents: Vec<_> = dependents.map(|own| Role::key(&own.organization_id, &own.name)).collect();
        self.store.remove_role(role, other)?;
        let dependents = dependents.iter().filter_map(|key| self.store.roles.get(key));
        let events = dependents.map(|own| event::role("updated", own)).collect();
        self.emit_all(events);
        for (organization_id, user_id) in holders {
            self.emit_membership_event("organization_membership_updated", &organization_id, &user_id);
        }
        self.emit(event::role("deleted", role));
        Ok(())
    }
}
