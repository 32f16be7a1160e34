//! Deleting what other things hang on, and telling of all that goes: what hangs on a thing goes before it.

use crate::clock::Instant;
use crate::error::ApiError;
use crate::login;
use crate::model::{ConnectedAccount, Directory, Membership, Organization, Role};
use crate::webhooks::{EventDraft, event};
use crate::world::{Store, World};

impl Store {
    fn goodbyes<'a>(
        &'a self,
        gone: impl Fn(&Membership) -> bool + 'a,
    ) -> impl Iterator<Item = EventDraft> + 'a {
        self.memberships.iter().filter(move |own| gone(own)).filter_map(|own| {
            let organization = self.organizations.get(&own.organization_id)?;
            let user = self.users.get(&own.user_id)?;
            Some(event::membership("organization_membership_deleted", organization, user))
        })
    }

    fn lost_accounts(&self, gone: impl Fn(&ConnectedAccount) -> bool) -> Vec<EventDraft> {
        let gone = self.connected_accounts.iter().filter(|own| gone(own));
        gone.map(|own| event::account("deleted", own)).collect()
    }

    /// What is to be told when an organization goes. The people and groups of its directories go without a word, since
    /// there may be very many.
    fn farewell(&self, organization: &Organization, now: Instant) -> Vec<EventDraft> {
        let id = organization.id.as_str();
        let connections = self.connections.iter().filter(|own| own.organization_id == id);
        let domains = self.domains.iter().filter(|own| own.organization_id == id);
        let directories = self.directories.iter().filter(|own| own.organization_id == id && own.enabled);
        let off = |own: &Directory| Directory { enabled: false, ..own.clone() };
        let roles = self.roles.iter().filter(|own| own.organization_id == id);
        let mut told: Vec<_> = connections.map(|own| event::connection("deleted", own)).collect();
        told.extend(domains.map(|own| event::domain("deleted", own)));
        told.extend(directories.map(|own| event::directory("disabled", &off(own), now)));
        told.extend(self.lost_accounts(|own| own.owner.organization_id == id));
        told.extend(self.goodbyes(|own| own.organization_id == id));
        told.extend(roles.map(|own| event::role("deleted", own)));
        told.push(event::organization("deleted", organization, now));
        told
    }
}

impl World {
    pub(crate) fn delete_organization(&mut self, organization: &Organization, now: Instant) {
        let told = self.store.farewell(organization, now);
        self.store.delete_organization(&organization.id);
        self.emit_all(told);
    }

    /// Deletes a user with all that is theirs; their sessions end.
    pub(crate) fn delete_user(&mut self, id: &str, now: Instant) {
        login::revoke_sessions(self, id, now);
        let mut told = self.store.lost_accounts(|own| own.owner.user_id == id);
        told.extend(self.store.goodbyes(|own| own.user_id == id));
        self.store.delete_user(id);
        self.emit_all(told);
    }

    /// Takes a user out of an organization. One who is in no other is deleted, as the service does by default.
    pub(crate) fn delete_membership(&mut self, organization_id: &str, user_id: &str, now: Instant) {
        let key = Membership::key(organization_id, user_id);
        self.tell_membership("organization_membership_deleted", organization_id, user_id);
        self.store.memberships.remove(&key);
        if self.store.memberships_of(user_id).next().is_none() {
            self.delete_user(user_id, now);
        }
    }

    pub(crate) fn delete_accounts(&mut self, gone: impl Fn(&ConnectedAccount) -> bool) {
        let told = self.store.lost_accounts(&gone);
        self.store.connected_accounts.retain(|own| !gone(own));
        self.emit_all(told);
    }

    /// Deletes a role, with another one in its place where it is in use.
    pub(crate) fn delete_role(&mut self, role: &Role, other: Option<&str>) -> Result<(), ApiError> {
        let ids = |own: &Membership| (own.organization_id.clone(), own.user_id.clone());
        let holders: Vec<_> = self.store.holders(role).map(ids).collect();
        let dependents = self.store.dependents(role);
        let dependents: Vec<_> = dependents.map(|own| Role::key(&own.organization_id, &own.name)).collect();
        self.store.remove_role(role, other)?;
        let dependents = dependents.iter().filter_map(|key| self.store.roles.get(key));
        let told = dependents.map(|own| event::role("updated", own)).collect();
        self.emit_all(told);
        for (organization_id, user_id) in holders {
            self.tell_membership("organization_membership_updated", &organization_id, &user_id);
        }
        self.emit(event::role("deleted", role));
        Ok(())
    }
}
