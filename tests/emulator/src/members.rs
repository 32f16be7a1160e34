//! Users and memberships, where they depend on other objects.

use serde_json::{Value, json};

use crate::access::IncludedPermissions;
use crate::clock::Instant;
use crate::environment::{Environment, Store};
use crate::error::ApiError;
use crate::json::overlay;
use crate::model::{Connection, Membership, MembershipChange, Organization, Permission, Role, User};
use crate::webhooks::event;

impl Store {
    /// Rejects an email address or external ID that another user has.
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

    /// Rejects a role that does not exist in the organization of the membership.
    pub(crate) fn check_roles(&self, field: &str, membership: &Membership) -> Result<(), ApiError> {
        let unknown = |name: &String| self.role(&membership.organization_id, name).is_none();
        match membership.roles.iter().position(unknown) {
            Some(position) => {
                let field = format!("{field}[{position}].name");
                Err(ApiError::invalid_field(&field, "exists", "the organization has no such role"))
            }
            None => Ok(()),
        }
    }

    pub(crate) fn roles_of_membership<'a>(
        &'a self,
        membership: &'a Membership,
    ) -> impl Iterator<Item = &'a Role> {
        let role = |name: &String| self.role(&membership.organization_id, name);
        membership.roles.iter().filter_map(role)
    }

    /// The distinct permissions of a member.
    pub(crate) fn permissions_of_membership<'a>(&'a self, membership: &'a Membership) -> Vec<&'a Permission> {
        let mut found: Vec<&Permission> = Vec::new();
        for (permission, _) in self
            .roles_of_membership(membership)
            .flat_map(|role| self.permissions_of(role, IncludedPermissions::Effective))
        {
            if !found.iter().any(|own| own.name == permission.name) {
                found.push(permission);
            }
        }
        found
    }

    /// The JSON of a user in responses.
    pub(crate) fn user_json(&self, user: &User, now: Instant) -> Value {
        let memberships = self.memberships_of(&user.id);
        let memberships: Vec<_> =
            memberships.map(|membership| self.membership_json(membership, now)).collect();
        let mut written = json!(user);
        written["memberships"] = memberships.into();
        written
    }

    fn membership_json(&self, membership: &Membership, now: Instant) -> Value {
        let organization = self.organizations.get(&membership.organization_id);
        let name = organization.map_or("", |organization| &organization.display_name);
        let roles: Vec<_> = self.roles_of_membership(membership).map(user_role).collect();
        let permissions = self.permissions_of_membership(membership);
        let permissions: Vec<_> = permissions.iter().map(|permission| permission.name.as_str()).collect();
        membership.json(now, name, &roles, &permissions)
    }

    /// Deletes a user with their memberships, passkeys and connected accounts. Their sessions are kept; the caller
    /// revokes them.
    pub(crate) fn delete_user(&mut self, id: &str) {
        self.users.remove(id);
        self.memberships.retain(|own| own.user_id != id);
        self.passkeys.retain(|own| own.user_id != id);
        self.connected_accounts.retain(|own| own.owner.user_id != id);
    }
}

/// The JSON of a role in a membership.
pub(crate) fn user_role(role: &Role) -> Value {
    json!({"id": role.id, "name": role.name, "display_name": role.display_name})
}

impl Environment {
    /// Saves a new organization and its automatic connection.
    pub(crate) fn add_organization(&mut self, organization: Organization, now: Instant) {
        let automatic = self.auto_connection.then(|| Connection::ready_for_sso(self, &organization, now));
        self.emit(event::organization("created", &organization, now));
        self.store.organizations.put(organization);
        if let Some(connection) = automatic {
            self.emit(event::connection("created", &connection));
            self.store.connections.put(connection);
        }
    }

    /// Builds a membership, pending if `invite` is set. `field` is the path of the roles in the body, for errors.
    pub(crate) fn new_membership(
        &self,
        organization_id: &str,
        user_id: &str,
        change: MembershipChange,
        invite: bool,
        field: &str,
    ) -> Result<Membership, ApiError> {
        let new = if invite { Membership::invited } else { Membership::direct };
        let mut membership = new(organization_id, user_id, self.clock.now());
        membership.roles = vec![self.store.default_member(organization_id).into()];
        membership.apply(change);
        self.store.check_roles(field, &membership)?;
        Ok(membership)
    }

    /// Saves a user with a new membership, and sends the invitation email if it is pending.
    pub(crate) fn add_membership(&mut self, mut user: User, membership: Membership) -> User {
        let (organization_id, user_id) = (membership.organization_id.clone(), user.id.clone());
        let invited = membership.is_pending(self.clock.now());
        if invited {
            self.send_invitation(&membership, &user.email);
        } else {
            user.user_profile.email_verified = true;
        }
        self.store.memberships.put(membership);
        self.store.users.put(user.clone());
        let what = if invited { "organization_invitation" } else { "organization_membership_created" };
        self.emit_membership_event(what, &organization_id, &user_id);
        user
    }

    /// Records a login: verifies the email address of the user and accepts their invitations. Returns the IDs of the
    /// organizations joined.
    pub(crate) fn record_login(&mut self, user_id: &str) -> Vec<String> {
        let now = self.clock.now();
        if let Some(user) = self.store.users.get_mut(user_id) {
            user.user_profile.email_verified = true;
            user.last_login_time = Some(now);
        }
        let own = self.store.memberships.iter_mut().filter(|own| own.user_id == user_id);
        let accepted = own.filter_map(|own| own.accept(now).then(|| own.organization_id.clone()));
        let accepted: Vec<_> = accepted.collect();
        for organization_id in &accepted {
            self.emit_membership_event("organization_membership_created", organization_id, user_id);
        }
        accepted
    }

    /// Emits the event `user.<what>`, if the organization and the user exist.
    pub(crate) fn emit_membership_event(&mut self, what: &str, organization_id: &str, user_id: &str) {
        let organization = self.store.organizations.get(organization_id);
        if let (Some(organization), Some(user)) = (organization, self.store.users.get(user_id)) {
            let draft = event::membership(what, organization, user);
            self.emit(draft);
        }
    }

    pub(crate) fn send_invitation(&mut self, membership: &Membership, email: &str) {
        let now = self.clock.now();
        let organization = self.store.organizations.get(&membership.organization_id);
        let name = organization.map_or("", |organization| &organization.display_name);
        let mut mail = json!({"kind": "invitation", "to": email, "sent_at": now, "organization_name": name});
        overlay(&mut mail, &membership.invitation(now));
        self.store.add_mail(mail);
    }
}
