//! Seeding of permissions, roles, and users with their memberships.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Seed, check_id_is_free};
use crate::clock::Instant;
use crate::error::{ApiError, ControlError};
use crate::model::{
    ENVIRONMENT, Membership, MembershipDraft, Permission, PermissionDraft, Role, RoleDraft, User, UserDraft,
};
use crate::world::World;

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
        world: &mut World,
        now: Instant,
        made: &mut Value,
    ) -> Result<(), ControlError> {
        for draft in &self.permissions {
            push_to(made, "permissions", json!(make_permission(world, draft, now)?));
        }
        for draft in &self.roles {
            push_to(made, "roles", make_role(world, draft)?);
        }
        self.default_roles.set(world)?;
        for draft in &self.users {
            push_to(made, "users", make_user(world, draft, now)?);
        }
        Ok(())
    }
}

fn push_to(made: &mut Value, list: &str, item: Value) {
    if made[list].is_null() {
        made[list] = json!([]);
    }
    made[list].as_array_mut().expect("`made[list]` is an array").push(item);
}

impl DefaultRoles {
    fn set(&self, world: &mut World) -> Result<(), ControlError> {
        for name in [&self.creator, &self.member].into_iter().flatten() {
            if world.store.role(ENVIRONMENT, name).is_none() {
                return Err(ControlError::new(format!("seed: there is no role {name}")));
            }
        }
        let defaults = &mut world.store.default_roles;
        defaults.creator = self.creator.clone().unwrap_or_else(|| defaults.creator.clone());
        defaults.member = self.member.clone().unwrap_or_else(|| defaults.member.clone());
        Ok(())
    }
}

fn make_permission(
    world: &mut World,
    draft: &PermissionDraft,
    now: Instant,
) -> Result<Permission, ControlError> {
    check_id_is_free(&draft.name, world.store.permissions.get(&draft.name).is_some())?;
    let permission = Permission {
        description: draft.description.clone(),
        is_scalekit_permission: draft.is_scalekit_permission,
        ..Permission::new(world.ids.next("perm"), &draft.name, now)
    };
    world.store.permissions.put(permission.clone());
    Ok(permission)
}

fn make_role(world: &mut World, draft: &RoleDraft) -> Result<Value, ControlError> {
    check_organization(world, &draft.organization_id)?;
    let role = Role::from_draft(draft, world.ids.next("role"));
    world.store.check_role_name(&role).map_err(refused)?;
    world.store.check_role(&role).map_err(refused)?;
    world.store.roles.put(role.clone());
    Ok(world.store.role_json(&draft.organization_id, &role, crate::access::IncludedPermissions::Own))
}

fn make_user(world: &mut World, draft: &UserDraft, now: Instant) -> Result<Value, ControlError> {
    let id = draft.id.clone().unwrap_or_else(|| world.ids.next("usr"));
    check_id_is_free(&id, world.store.users.get(&id).is_some())?;
    let user = User::from_draft(draft, id, world.ids.next("usp"), now);
    world.store.check_user(&user).map_err(refused)?;
    for draft in &draft.memberships {
        make_membership(world, draft, &user, now)?;
    }
    let written = world.store.user_json(&user, now);
    world.store.users.put(user);
    Ok(written)
}

fn make_membership(
    world: &mut World,
    draft: &MembershipDraft,
    user: &User,
    now: Instant,
) -> Result<(), ControlError> {
    check_organization(world, &draft.organization_id)?;
    let mut membership = Membership::from_draft(draft, &user.id, now);
    let default = || vec![world.store.default_member(&draft.organization_id).to_owned()];
    membership.roles = draft.roles.clone().unwrap_or_else(default);
    world.store.check_roles("roles", &membership).map_err(refused)?;
    world.store.memberships.put(membership);
    Ok(())
}

fn check_organization(world: &World, id: &str) -> Result<(), ControlError> {
    if id == ENVIRONMENT || world.store.organizations.get(id).is_some() {
        return Ok(());
    }
    Err(ControlError::new(format!("seed: there is no organization {id}")))
}

fn refused(error: ApiError) -> ControlError {
    ControlError::new(format!("seed: {}", error.message))
}
