//! Calls on what belongs to an organization: policies, directories, domains, clients.

use super::{Called, called};
use crate::support::Caller;
use crate::support::caller::call;

pub fn calls(client: &Caller, id: &str) -> Vec<Called> {
    [policies(client, id), directories(client, id), domains(client, id), clients(client, id)].concat()
}

fn policies(client: &Caller, id: &str) -> Vec<Called> {
    called! { client;
        "GET /api/v1/organizations/*/session-policy" => organizations.get_session_policy(id),
        "PATCH /api/v1/organizations/*/session-policy" =>
            organizations.update_session_policy(id, Default::default()),
        "PATCH /api/v1/organizations/*/settings/usermanagement" =>
            organizations.update_user_management_settings(id, Default::default()),
        "DELETE /api/v1/organizations/*/connections/c" => connections.delete(id, "c"),
        "DELETE /api/v1/organizations/o/connections/*" => connections.delete("o", id),
    }
}

fn directories(client: &Caller, id: &str) -> Vec<Called> {
    called! { client;
        "GET /api/v1/organizations/*/directories" => directories.list(id),
        "GET /api/v1/organizations/*/directories/d" => directories.get(id, "d"),
        "GET /api/v1/organizations/o/directories/*" => directories.get("o", id),
        "PATCH /api/v1/organizations/*/directories/d:enable" => directories.enable(id, "d"),
        "PATCH /api/v1/organizations/o/directories/*:enable" => directories.enable("o", id),
        "PATCH /api/v1/organizations/*/directories/d:disable" => directories.disable(id, "d"),
        "PATCH /api/v1/organizations/o/directories/*:disable" => directories.disable("o", id),
        "GET /api/v1/organizations/*/directories/d/users" => directories.list_users(id, "d", Default::default()),
        "GET /api/v1/organizations/o/directories/*/users" => directories.list_users("o", id, Default::default()),
        "GET /api/v1/organizations/*/directories/d/groups" => directories.list_groups(id, "d", Default::default()),
        "GET /api/v1/organizations/o/directories/*/groups" => directories.list_groups("o", id, Default::default()),
    }
}

fn domains(client: &Caller, id: &str) -> Vec<Called> {
    let new = || scalekit::CreateDomain { domain: "a.example".into(), ..Default::default() };
    called! { client;
        "GET /api/v1/organizations/*/domains" => domains.list(id, Default::default()),
        "POST /api/v1/organizations/*/domains" => domains.create(id, new()),
        "GET /api/v1/organizations/*/domains/d" => domains.get(id, "d"),
        "GET /api/v1/organizations/o/domains/*" => domains.get("o", id),
        "DELETE /api/v1/organizations/*/domains/d" => domains.delete(id, "d"),
        "DELETE /api/v1/organizations/o/domains/*" => domains.delete("o", id),
    }
}

fn clients(client: &Caller, id: &str) -> Vec<Called> {
    called! { client;
        "GET /api/v1/organizations/*/clients" => clients.list(id, Default::default()),
        "POST /api/v1/organizations/*/clients" => clients.create(id, Default::default()),
        "GET /api/v1/organizations/*/clients/c" => clients.get(id, "c"),
        "GET /api/v1/organizations/o/clients/*" => clients.get("o", id),
        "PATCH /api/v1/organizations/*/clients/c" => clients.update(id, "c", Default::default()),
        "PATCH /api/v1/organizations/o/clients/*" => clients.update("o", id, Default::default()),
        "DELETE /api/v1/organizations/*/clients/c" => clients.delete(id, "c"),
        "DELETE /api/v1/organizations/o/clients/*" => clients.delete("o", id),
        "POST /api/v1/organizations/*/clients/c/secrets" => clients.create_secret(id, "c"),
        "POST /api/v1/organizations/o/clients/*/secrets" => clients.create_secret("o", id),
        "DELETE /api/v1/organizations/*/clients/c/secrets/s" => clients.delete_secret(id, "c", "s"),
        "DELETE /api/v1/organizations/o/clients/*/secrets/s" => clients.delete_secret("o", id, "s"),
        "DELETE /api/v1/organizations/o/clients/c/secrets/*" => clients.delete_secret("o", "c", id),
    }
}
