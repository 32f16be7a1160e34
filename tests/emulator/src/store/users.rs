//! Users and memberships, where they depend on other objects.

use serde_json::{Value, json};

use super::{IncludedPermissions, Store};
use crate::clock::Instant;
use crate::error::ApiError;
use crate::model::{Membership, MembershipChange, Permission, Role, User};

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
        let roles: Vec<_> = self.roles_of_membership(membership).map(role_summary).collect();
        let permissions = self.permissions_of_membership(membership);
        let permissions: Vec<_> = permissions.iter().map(|permission| permission.name.as_str()).collect();
        membership.json(now, name, &roles, &permissions)
    }

    /// Builds a membership, pending if `invite` is set. `field` is the path of the roles in the body, for errors.
    pub(crate) fn new_membership(
        &self,
        (organization_id, user_id): (&str, &str),
        change: MembershipChange,
        invite: bool,
        field: &str,
        now: Instant,
    ) -> Result<Membership, ApiError> {
        let new = if invite { Membership::invited } else { Membership::direct };
        let mut membership = new(organization_id, user_id, now);
        membership.roles = vec![self.default_member(organization_id).into()];
        membership.apply(change);
        self.check_roles(field, &membership)?;
        Ok(membership)
    }
}

/// The JSON of a role in a membership.
pub(crate) fn role_summary(role: &Role) -> Value {
    json!({"id": role.id, "name": role.name, "display_name": role.display_name})
}
