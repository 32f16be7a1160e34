//! Access control: roles, the roles they extend, and their permissions.
//!
//! Role names are unique among the roles visible to an organization, which are its own and the environment's. A name
//! therefore identifies a role everywhere.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Store;
use crate::error::ApiError;
use crate::model::{ENVIRONMENT, Membership, Permission, Role};
use crate::table::Table;

/// The names of the roles that users get if a request names none.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DefaultRoles {
    pub(crate) creator: String,
    pub(crate) member: String,
    /// Default member roles that organizations have set, by organization ID.
    pub(crate) member_by_organization: BTreeMap<String, String>,
}

impl Default for DefaultRoles {
    fn default() -> Self {
        DefaultRoles {
            creator: "admin".into(),
            member: "member".into(),
            member_by_organization: BTreeMap::new(),
        }
    }
}

/// The initial roles of an environment.
pub(super) fn initial() -> Table<Role> {
    let mut roles = Table::default();
    for (id, name, display_name) in
        [("role_100000000000000001", "admin", "Admin"), ("role_100000000000000002", "member", "Member")]
    {
        let mut role = Role::new(id.into(), ENVIRONMENT, name);
        role.display_name = display_name.into();
        roles.put(role);
    }
    roles
}

/// The permissions included in the JSON of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IncludedPermissions {
    None,
    /// Those of the role itself.
    Own,
    /// Those of the role and of the roles it extends.
    Effective,
}

impl Store {
    /// Finds a role by its name among those visible to an organization (or the environment).
    pub(crate) fn role(&self, organization_id: &str, name: &str) -> Option<&Role> {
        let role = |owner| self.roles.get(&Role::key(owner, name));
        role(organization_id).or_else(|| role(ENVIRONMENT))
    }

    /// The roles visible to an organization (or the environment): the environment's, then its own.
    pub(crate) fn roles_of(&self, organization_id: &str) -> impl Iterator<Item = &Role> {
        let owned_by = |owner: String| self.roles.iter().filter(move |role| role.organization_id == owner);
        let own = (organization_id != ENVIRONMENT).then(|| owned_by(organization_id.into()));
        owned_by(ENVIRONMENT.into()).chain(own.into_iter().flatten())
    }

    fn base(&self, role: &Role) -> Option<&Role> {
        self.role(&role.organization_id, &role.extends)
    }

    /// The roles that extend a role directly.
    pub(crate) fn dependents<'a>(&'a self, of: &'a Role) -> impl Iterator<Item = &'a Role> {
        self.roles.iter().filter(move |role| self.base(role).is_some_and(|base| base.id == of.id))
    }

    /// The memberships that have a role.
    pub(crate) fn memberships_with_role<'a>(
        &'a self,
        role: &'a Role,
    ) -> impl Iterator<Item = &'a Membership> {
        self.memberships.iter().filter(|membership| has_role(role, membership))
    }

    /// The name of the default member role of an organization.
    pub(crate) fn default_member(&self, organization_id: &str) -> &str {
        self.default_roles.member_by_organization.get(organization_id).unwrap_or(&self.default_roles.member)
    }

    /// Rejects a name that another role visible to the same organization has.
    pub(crate) fn check_role_name(&self, candidate: &Role) -> Result<(), ApiError> {
        let both_visible = |other: &Role| {
            let (one, two) = (&other.organization_id, &candidate.organization_id);
            one == two || one == ENVIRONMENT || two == ENVIRONMENT
        };
        if self.roles.iter().any(|other| other.name == candidate.name && both_visible(other)) {
            return Err(ApiError::already_exists("role", "name", &candidate.name));
        }
        Ok(())
    }

    /// Rejects unknown permissions, an unknown base role, and a role that extends itself.
    pub(crate) fn check_role(&self, candidate: &Role) -> Result<(), ApiError> {
        self.check_permissions("permissions", &candidate.permissions)?;
        if candidate.extends.is_empty() {
            return Ok(());
        }
        let mut base = Some(candidate);
        while let Some(role) = base.filter(|role| !role.extends.is_empty()) {
            let next = self.base(role);
            if next.is_none() {
                return Err(ApiError::invalid_field("extends", "exists", "there is no such role"));
            }
            if next.is_some_and(|next| next.id == candidate.id) || role.extends == candidate.name {
                return Err(ApiError::invalid_field("extends", "cycle", "the role would extend itself"));
            }
            base = next;
        }
        Ok(())
    }

    pub(crate) fn check_permissions(&self, field: &str, names: &[String]) -> Result<(), ApiError> {
        match names.iter().position(|name| self.permissions.get(name).is_none()) {
            Some(position) => {
                let field = format!("{field}[{position}]");
                Err(ApiError::invalid_field(&field, "exists", "there is no such permission"))
            }
            None => Ok(()),
        }
    }

    /// The distinct permissions of a role, each with the role that grants it.
    pub(crate) fn permissions_of<'a>(
        &'a self,
        role: &'a Role,
        included: IncludedPermissions,
    ) -> Vec<(&'a Permission, &'a Role)> {
        let mut found: Vec<(&Permission, &Role)> = Vec::new();
        let mut next = (included != IncludedPermissions::None).then_some(role);
        while let Some(role) = next {
            for permission in role.permissions.iter().filter_map(|name| self.permissions.get(name)) {
                if !found.iter().any(|(own, _)| own.name == permission.name) {
                    found.push((permission, role));
                }
            }
            next = if included == IncludedPermissions::Effective { self.base(role) } else { None };
        }
        found
    }

    /// The JSON of a role in responses to an organization (or the environment).
    pub(crate) fn role_json(
        &self,
        organization_id: &str,
        role: &Role,
        included: IncludedPermissions,
    ) -> Value {
        let permissions: Vec<_> =
            self.permissions_of(role, included).into_iter().map(role_permission).collect();
        let of_environment = role.organization_id == ENVIRONMENT;
        json!({
            "id": role.id,
            "name": role.name,
            "display_name": role.display_name,
            "description": role.description,
            "extends": role.extends,
            "permissions": permissions,
            "default_creator": of_environment && self.default_roles.creator == role.name,
            "default_member": self.default_member(organization_id) == role.name,
            "dependent_roles_count": self.dependents(role).count(),
            "is_org_role": !of_environment,
        })
    }

    /// Deletes a role. If it is in use, `other` replaces it everywhere.
    pub(crate) fn remove_role(&mut self, role: &Role, other: Option<&str>) -> Result<(), ApiError> {
        let Some(other) = other else {
            self.check_unused(role)?;
            self.roles.remove(&Role::key(&role.organization_id, &role.name));
            return Ok(());
        };
        let other = self.role(&role.organization_id, other).filter(|other| other.id != role.id).cloned();
        let refused =
            || ApiError::invalid_field("reassign_role_name", "exists", "there is no such other role");
        let other = other.ok_or_else(refused)?;
        self.rebase_dependents(role, &other);
        for membership in self.memberships.iter_mut().filter(|membership| has_role(role, membership)) {
            membership.replace_role(&role.name, &other.name);
        }
        let defaults = &mut self.default_roles;
        let of_organizations = defaults.member_by_organization.iter_mut().filter_map(|(id, name)| {
            let reached = role.organization_id == ENVIRONMENT || role.organization_id == *id;
            reached.then_some(name)
        });
        let of_environment = [&mut defaults.creator, &mut defaults.member];
        let of_environment = of_environment.into_iter().filter(|_| role.organization_id == ENVIRONMENT);
        for name in of_organizations.chain(of_environment).filter(|name| **name == role.name) {
            name.clone_from(&other.name);
        }
        self.roles.remove(&Role::key(&role.organization_id, &role.name));
        Ok(())
    }

    /// Changes the base role of the dependents of `role` to `other`. A dependent that would then extend itself takes
    /// the base of `role` instead.
    fn rebase_dependents(&mut self, role: &Role, other: &Role) {
        let mut dependents: Vec<_> = self.dependents(role).cloned().collect();
        for dependent in &mut dependents {
            dependent.extends.clone_from(&other.name);
            if self.check_role(dependent).is_err() {
                dependent.extends.clone_from(&role.extends);
            }
            self.roles.put(dependent.clone());
        }
    }

    fn check_unused(&self, role: &Role) -> Result<(), ApiError> {
        let defaults = &self.default_roles;
        let is_default = match role.organization_id.as_str() {
            ENVIRONMENT => {
                let chosen = defaults.member_by_organization.values().any(|name| *name == role.name);
                chosen || [&defaults.creator, &defaults.member].contains(&&role.name)
            }
            organization_id => self.default_member(organization_id) == role.name,
        };
        let why = if self.memberships_with_role(role).next().is_some() {
            "users have it"
        } else if self.dependents(role).next().is_some() {
            "roles extend it"
        } else if is_default {
            "it is a default role"
        } else {
            return Ok(());
        };
        let message = format!("the role is in use ({why}): set reassign_role_name to another role");
        Err(ApiError::failed_precondition(message))
    }
}

/// Whether a membership has the role. Organizations can have different roles of the same name.
fn has_role(role: &Role, membership: &Membership) -> bool {
    let visible = role.organization_id == ENVIRONMENT || role.organization_id == membership.organization_id;
    visible && membership.roles.contains(&role.name)
}

fn role_permission((permission, role): (&Permission, &Role)) -> Value {
    json!({
        "id": permission.id,
        "name": permission.name,
        "description": permission.description,
        "role_name": role.name,
        "create_time": permission.create_time,
        "update_time": permission.update_time,
    })
}
