//! Seeding of permissions, roles, and users with their memberships.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Seed, check_id_is_free, check_is_free};
use crate::clock::Instant;
use crate::error::{SeedError, create_each};
use crate::model::{
    ENVIRONMENT, Membership, MembershipDraft, Permission, PermissionDraft, Role, RoleDraft, User, UserDraft,
};
use crate::store::Store;

/// The names of the environment's default roles. Roles of the same seed are allowed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DefaultRoles {
    creator: Option<String>,
    member: Option<String>,
}

impl Seed {
    /// Creates the objects, in the order of their dependencies, and adds them to `made`.
    pub(super) fn make_users(
        &self,
        store: &mut Store,
        now: Instant,
        made: &mut Value,
    ) -> Result<(), SeedError> {
        let permissions = &self.permissions;
        let permissions =
            create_each("permissions", permissions, |draft| make_permission(store, draft, now))?;
        let roles = create_each("roles", &self.roles, |draft| make_role(store, draft))?;
        self.default_roles.set(store).map_err(|error| error.within("default_roles"))?;
        let users = create_each("users", &self.users, |draft| make_user(store, draft, now))?;
        for (list, items) in
            [("permissions", json!(permissions)), ("roles", json!(roles)), ("users", json!(users))]
        {
            // A list that the seed does not have is not in the response.
            if items != json!([]) {
                made[list] = items;
            }
        }
        Ok(())
    }
}

impl DefaultRoles {
    fn set(&self, store: &mut Store) -> Result<(), SeedError> {
        for (field, name) in [("creator", &self.creator), ("member", &self.member)] {
            if let Some(name) = name.as_ref().filter(|name| store.role(ENVIRONMENT, name).is_none()) {
                return Err(SeedError::new(field, format!("there is no role {name}")));
            }
        }
        let defaults = &mut store.default_roles;
        defaults.creator = self.creator.clone().unwrap_or_else(|| defaults.creator.clone());
        defaults.member = self.member.clone().unwrap_or_else(|| defaults.member.clone());
        Ok(())
    }
}

fn make_permission(
    store: &mut Store,
    draft: &PermissionDraft,
    now: Instant,
) -> Result<Permission, SeedError> {
    check_is_free("name", &draft.name, store.permissions.get(&draft.name).is_some())?;
    let permission = Permission {
        description: draft.description.clone(),
        is_scalekit_permission: draft.is_scalekit_permission,
        ..Permission::new(store.ids.next("perm"), &draft.name, now)
    };
    store.permissions.put(permission.clone());
    Ok(permission)
}

fn make_role(store: &mut Store, draft: &RoleDraft) -> Result<Value, SeedError> {
    check_organization(store, &draft.organization_id)?;
    let role = Role::from_draft(draft, store.ids.next("role"));
    store.check_role_name(&role)?;
    store.check_role(&role)?;
    store.roles.put(role.clone());
    Ok(store.role_json(&draft.organization_id, &role, crate::store::IncludedPermissions::Own))
}

fn make_user(store: &mut Store, draft: &UserDraft, now: Instant) -> Result<Value, SeedError> {
    let id = draft.id.clone().unwrap_or_else(|| store.ids.next("usr"));
    check_id_is_free(&id, store.users.get(&id).is_some())?;
    let user = User::from_draft(draft, id, store.ids.next("usp"), now);
    store.check_user(&user)?;
    create_each("memberships", &draft.memberships, |draft| make_membership(store, draft, &user, now))?;
    let written = store.user_json(&user, now);
    store.users.put(user);
    Ok(written)
}

fn make_membership(
    store: &mut Store,
    draft: &MembershipDraft,
    user: &User,
    now: Instant,
) -> Result<(), SeedError> {
    check_organization(store, &draft.organization_id)?;
    let mut membership = Membership::from_draft(draft, &user.id, now);
    let default = || vec![store.default_member(&draft.organization_id).to_owned()];
    membership.roles = draft.roles.clone().unwrap_or_else(default);
    store.check_roles("roles", &membership)?;
    store.memberships.put(membership);
    Ok(())
}

fn check_organization(store: &Store, id: &str) -> Result<(), SeedError> {
    if id == ENVIRONMENT || store.organizations.get(id).is_some() {
        return Ok(());
    }
    Err(SeedError::new("organization_id", format!("there is no organization {id}")))
}
