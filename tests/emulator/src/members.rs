//! Users and their memberships, as they hang together with all else.

use serde_json::{Value, json};

use crate::access::Shown;
use crate::clock::Instant;
use crate::error::ApiError;
use crate::json::overlay;
use crate::model::{Membership, MembershipChange, Permission, Role, User};
use crate::world::{Store, World};

impl Store {
    /// E-mail addresses and external ids are unique among users.
    pub(crate) fn check_user(&self, candidate: &User) -> Result<(), ApiError> {
        let mut others = self.users.iter().filter(|own| own.id != candidate.id);
        let same_email = |own: &User| own.email.to_lowercase() == candidate.email.to_lowercase();
        if others.clone().any(same_email) {
            return Err(ApiError::already_exists("user", "email", &candidate.email));
        }
        let external_id = &candidate.external_id;
        if !external_id.is_empty() && others.any(|own| own.external_id == *external_id) {
            return Err(ApiError::already_exists("user", "external_id", external_id));
        }
        Ok(())
    }

    pub(crate) fn memberships_of<'a>(&'a self, user_id: &'a str) -> impl Iterator<Item = &'a Membership> {
        self.memberships.iter().filter(move |membership| membership.user_id == user_id)
    }

    /// The roles that a membership names exist in its organization.
    pub(crate) fn check_roles(&self, field: &str, membership: &Membership) -> Result<(), ApiError> {
        let unknown = |name: &String| self.role(&membership.organization_id, name).is_none();
        match membership.roles.iter().position(unknown) {
            Some(place) => {
                let field = format!("{field}[{place}].name");
                Err(ApiError::invalid_field(&field, "exists", "the organization has no such role"))
            }
            None => Ok(()),
        }
    }

    pub(crate) fn roles_in<'a>(&'a self, membership: &'a Membership) -> impl Iterator<Item = &'a Role> {
        let role = |name: &String| self.role(&membership.organization_id, name);
        membership.roles.iter().filter_map(role)
    }

    /// All that the member may do, none of it twice.
    pub(crate) fn permissions_in<'a>(&'a self, membership: &'a Membership) -> Vec<&'a Permission> {
        let mut found: Vec<&Permission> = Vec::new();
        for (permission, _) in
            self.roles_in(membership).flat_map(|role| self.permissions_of(role, Shown::All))
        {
            if !found.iter().any(|own| own.name == permission.name) {
                found.push(permission);
            }
        }
        found
    }

    /// A user as the service writes them.
    pub(crate) fn written_user(&self, user: &User, now: Instant) -> Value {
        let memberships = self.memberships_of(&user.id);
        let memberships: Vec<_> =
            memberships.map(|membership| self.written_membership(membership, now)).collect();
        let mut written = json!(user);
        written["memberships"] = memberships.into();
        written
    }

    fn written_membership(&self, membership: &Membership, now: Instant) -> Value {
        let organization = self.organizations.get(&membership.organization_id);
        let name = organization.map_or("", |organization| &organization.display_name);
        let roles: Vec<_> = self.roles_in(membership).map(user_role).collect();
        let permissions = self.permissions_in(membership);
        let permissions: Vec<_> = permissions.iter().map(|permission| permission.name.as_str()).collect();
        membership.written(now, name, &roles, &permissions)
    }

    /// Deletes a user with all that is theirs; their sessions end.
    pub(crate) fn delete_user(&mut self, id: &str, now: Instant) {
        self.users.remove(id);
        self.memberships.retain(|own| own.user_id != id);
        self.passkeys.retain(|own| own.user_id != id);
        self.connected_accounts.retain(|own| own.owner.user_id != id);
        for session in self.sessions.iter_mut().filter(|own| own.user_id == id) {
            session.revoke(now);
        }
    }

    /// Takes a user out of an organization. One who is in no other is deleted, as the service does by default.
    pub(crate) fn delete_membership(&mut self, organization_id: &str, user_id: &str, now: Instant) {
        self.memberships.remove(&Membership::key(organization_id, user_id));
        if self.memberships_of(user_id).next().is_none() {
            self.delete_user(user_id, now);
        }
    }
}

/// A role of a user, as the service writes it.
pub(crate) fn user_role(role: &Role) -> Value {
    json!({"id": role.id, "name": role.name, "display_name": role.display_name})
}

impl World {
    /// Makes a user a member, by an invitation or at once. `field` is where the body names the roles.
    pub(crate) fn join(
        &mut self,
        organization_id: &str,
        user: &mut User,
        change: MembershipChange,
        invite: bool,
        field: &str,
    ) -> Result<(), ApiError> {
        let now = self.clock.now();
        let new = if invite { Membership::invited } else { Membership::direct };
        let mut membership = new(organization_id, &user.id, now);
        membership.roles = vec![self.store.default_member(organization_id).into()];
        membership.apply(change);
        self.store.check_roles(field, &membership)?;
        if invite {
            self.send_invitation(&membership, &user.email);
        } else {
            user.user_profile.email_verified = true;
        }
        self.store.memberships.put(membership);
        Ok(())
    }

    pub(crate) fn send_invitation(&mut self, membership: &Membership, email: &str) {
        let now = self.clock.now();
        let organization = self.store.organizations.get(&membership.organization_id);
        let name = organization.map_or("", |organization| &organization.display_name);
        let mut mail = json!({"kind": "invitation", "to": email, "sent_at": now, "organization_name": name});
        overlay(&mut mail, &membership.invitation(now));
        self.store.outbox.push(mail);
    }
}
