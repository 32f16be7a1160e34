//! Users and their memberships, as they hang together with all else.

use serde_json::{Value, json};

use crate::access::Shown;
use crate::clock::Instant;
use crate::error::ApiError;
use crate::json::overlay;
use crate::model::{Connection, Membership, MembershipChange, Organization, Permission, Role, User};
use crate::webhooks::event;
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

    /// Deletes a user with all that is theirs, but for the sessions, which end.
    pub(crate) fn delete_user(&mut self, id: &str) {
        self.users.remove(id);
        self.memberships.retain(|own| own.user_id != id);
        self.passkeys.retain(|own| own.user_id != id);
        self.connected_accounts.retain(|own| own.owner.user_id != id);
    }
}

/// A role of a user, as the service writes it.
pub(crate) fn user_role(role: &Role) -> Value {
    json!({"id": role.id, "name": role.name, "display_name": role.display_name})
}

impl World {
    /// Keeps a new organization, with the connection that each gets.
    pub(crate) fn found_organization(&mut self, organization: Organization, now: Instant) {
        let automatic = self.auto_connection.then(|| Connection::ready_for_sso(self, &organization, now));
        self.emit(event::organization("created", &organization, now));
        self.store.organizations.put(organization);
        if let Some(connection) = automatic {
            self.emit(event::connection("created", &connection));
            self.store.connections.put(connection);
        }
    }

    /// What a user is to be in an organization, by an invitation or at once. `field` is where the body names the roles.
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

    /// Keeps a user together with a new membership: a member at once, or invited by mail.
    pub(crate) fn admit(&mut self, mut user: User, membership: Membership) -> User {
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
        self.tell_membership(what, &organization_id, &user_id);
        user
    }

    /// A login shows whose the address is: the invitations to it are accepted. Answers with their organizations.
    pub(crate) fn arrived(&mut self, user_id: &str) -> Vec<String> {
        let now = self.clock.now();
        if let Some(user) = self.store.users.get_mut(user_id) {
            user.user_profile.email_verified = true;
            user.last_login_time = Some(now);
        }
        let own = self.store.memberships.iter_mut().filter(|own| own.user_id == user_id);
        let accepted = own.filter_map(|own| own.accept(now).then(|| own.organization_id.clone()));
        let accepted: Vec<_> = accepted.collect();
        for organization_id in &accepted {
            self.tell_membership("organization_membership_created", organization_id, user_id);
        }
        accepted
    }

    /// `user.<what>`, about a user and an organization that exist.
    pub(crate) fn tell_membership(&mut self, what: &str, organization_id: &str, user_id: &str) {
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
        self.store.outbox.push(mail);
    }
}
