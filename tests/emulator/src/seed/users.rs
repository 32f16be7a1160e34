//! The part of a seed about people: permissions, roles, and users with their memberships.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Seed, refuse_taken};
use crate::clock::Instant;
use crate::error::{ApiError, ControlError};
use crate::model::{
    ENVIRONMENT, Membership, MembershipDraft, Permission, PermissionDraft, Role, RoleDraft, User, UserDraft,
};
use crate::world::World;

/// The names of the environment's default roles; they may be among the roles of the same seed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DefaultRoles {
    creator: Option<String>,
    member: Option<String>,
}

impl Seed {
    /// Makes all, in an order in which each finds what it names, and adds it to what was made.
    pub(super) fn make_people(
        &self,
        world: &mut World,
        now: Instant,
        made: &mut Value,
    ) -> Result<(), ControlError> {
        for draft in &self.permissions {
            made_in(made, "permissions", json!(make_permission(world, draft, now)?));
        }
        for draft in &self.roles {
            made_in(made, "roles", make_role(world, draft)?);
        }
        self.default_roles.choose(world)?;
        for draft in &self.users {
            made_in(made, "users", make_user(world, draft, now)?);
        }
        Ok(())
    }
}

fn made_in(made: &mut Value, list: &str, item: Value) {
    if made[list].is_null() {
        made[list] = json!([]);
    }
    made[list].as_array_mut().expect("it is a list").push(item);
}

impl DefaultRoles {
    fn choose(&self, world: &mut World) -> Result<(), ControlError> {
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
    refuse_taken(&draft.name, world.store.permissions.get(&draft.name).is_some())?;
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
    Ok(world.store.written_role(&draft.organization_id, &role, crate::access::Shown::Own))
}

fn make_user(world: &mut World, draft: &UserDraft, now: Instant) -> Result<Value, ControlError> {
    let id = draft.id.clone().unwrap_or_else(|| world.ids.next("usr"));
    refuse_taken(&id, world.store.users.get(&id).is_some())?;
    let user = User::from_draft(draft, id, world.ids.next("usp"), now);
    world.store.check_user(&user).map_err(refused)?;
    for draft in &draft.memberships {
        make_membership(world, draft, &user, now)?;
    }
    let written = world.store.written_user(&user, now);
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
