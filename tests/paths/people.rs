//! Users, memberships, roles and permissions.

use scalekit::{CreateRole, CreateUser, UpdatePermission, UpdateRole};

use super::{Called, called};
use crate::support::Caller;
use crate::support::caller::call;

pub fn calls(client: &Caller, id: &str) -> Vec<Called> {
    [
        users(client, id),
        memberships(client, id),
        memberships_by_external_id(client, id),
        roles(client, id),
        organization_roles(client, id),
        permissions(client, id),
    ]
    .concat()
}

fn users(client: &Caller, id: &str) -> Vec<Called> {
    let new = || CreateUser::new("ada@acme.example");
    called! { client;
        "GET /api/v1/users/*" => users.get(id),
        "GET /api/v1/users:external/*" => users.get_by_external_id(id),
        "PATCH /api/v1/users/*" => users.update(id, Default::default()),
        "PATCH /api/v1/users:external/*" => users.update_by_external_id(id, Default::default()),
        "DELETE /api/v1/users/*" => users.delete(id),
        "DELETE /api/v1/users:external/*" => users.delete_by_external_id(id),
        "GET /api/v1/organizations/*/users" => users.list_members(id, Default::default()),
        "GET /api/v1/organizations/*/users:search?query=ada" => users.search_members(id, "ada", Default::default()),
        "POST /api/v1/organizations/*/users" => users.create(id, new(), None),
    }
}

fn memberships(client: &Caller, id: &str) -> Vec<Called> {
    called! { client;
        "POST /api/v1/memberships/organizations/*/users/u" => memberships.create(id, "u", Default::default(), None),
        "POST /api/v1/memberships/organizations/o/users/*" => memberships.create("o", id, Default::default(), None),
        "PATCH /api/v1/memberships/organizations/*/users/u" => memberships.update(id, "u", Default::default()),
        "PATCH /api/v1/memberships/organizations/o/users/*" => memberships.update("o", id, Default::default()),
        "DELETE /api/v1/memberships/organizations/*/users/u" => memberships.delete(id, "u"),
        "DELETE /api/v1/memberships/organizations/o/users/*" => memberships.delete("o", id),
        "PATCH /api/v1/invites/organizations/*/users/u/resend" => memberships.resend_invitation(id, "u"),
        "PATCH /api/v1/invites/organizations/o/users/*/resend" => memberships.resend_invitation("o", id),
        "GET /api/v1/organizations/*/users/u/roles" => memberships.list_roles(id, "u"),
        "GET /api/v1/organizations/o/users/*/roles" => memberships.list_roles("o", id),
        "GET /api/v1/organizations/*/users/u/permissions" => memberships.list_permissions(id, "u"),
        "GET /api/v1/organizations/o/users/*/permissions" => memberships.list_permissions("o", id),
    }
}

fn memberships_by_external_id(client: &Caller, id: &str) -> Vec<Called> {
    called! { client;
        "POST /api/v1/memberships/organizations/*/users:external/u" =>
            memberships.create_by_external_id(id, "u", Default::default(), None),
        "POST /api/v1/memberships/organizations/o/users:external/*" =>
            memberships.create_by_external_id("o", id, Default::default(), None),
        "PATCH /api/v1/memberships/organizations/*/users:external/u" =>
            memberships.update_by_external_id(id, "u", Default::default()),
        "PATCH /api/v1/memberships/organizations/o/users:external/*" =>
            memberships.update_by_external_id("o", id, Default::default()),
        "DELETE /api/v1/memberships/organizations/*/users:external/u" => memberships.delete_by_external_id(id, "u"),
        "DELETE /api/v1/memberships/organizations/o/users:external/*" => memberships.delete_by_external_id("o", id),
    }
}

fn roles(client: &Caller, id: &str) -> Vec<Called> {
    let names = || vec!["a".to_owned()];
    called! { client;
        "GET /api/v1/roles/*" => roles.get(id, None),
        "PUT /api/v1/roles/*" => roles.update(id, UpdateRole::default()),
        "DELETE /api/v1/roles/*" => roles.delete(id, None),
        "GET /api/v1/roles/*/dependents" => roles.list_dependents(id),
        "GET /api/v1/roles/*/users:count" => roles.count_users(id),
        "GET /api/v1/roles/*/permissions" => roles.list_permissions(id),
        "GET /api/v1/roles/*/permissions:all" => roles.list_effective_permissions(id),
        "POST /api/v1/roles/*/permissions" => roles.add_permissions(id, names()),
        "DELETE /api/v1/roles/*/permissions/p" => roles.remove_permission(id, "p"),
        "DELETE /api/v1/roles/r/permissions/*" => roles.remove_permission("r", id),
    }
}

fn organization_roles(client: &Caller, id: &str) -> Vec<Called> {
    let new = || CreateRole::new("crew", "Crew");
    called! { client;
        "GET /api/v1/organizations/*/roles" => organization_roles.list(id, None),
        "POST /api/v1/organizations/*/roles" => organization_roles.create(id, new()),
        "GET /api/v1/organizations/*/roles/r" => organization_roles.get(id, "r", None),
        "GET /api/v1/organizations/o/roles/*" => organization_roles.get("o", id, None),
        "PUT /api/v1/organizations/*/roles/r" => organization_roles.update(id, "r", UpdateRole::default()),
        "PUT /api/v1/organizations/o/roles/*" => organization_roles.update("o", id, UpdateRole::default()),
        "DELETE /api/v1/organizations/*/roles/r" => organization_roles.delete(id, "r", None),
        "DELETE /api/v1/organizations/o/roles/*" => organization_roles.delete("o", id, None),
        "PATCH /api/v1/organizations/*/roles:set_defaults" => organization_roles.set_defaults(id, "crew"),
    }
}

fn permissions(client: &Caller, id: &str) -> Vec<Called> {
    let same = || UpdatePermission::new("a");
    called! { client;
        "GET /api/v1/permissions/*" => permissions.get(id),
        "PUT /api/v1/permissions/*" => permissions.update(id, same()),
        "DELETE /api/v1/permissions/*" => permissions.delete(id),
    }
}
