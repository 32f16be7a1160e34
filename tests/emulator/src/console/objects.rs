//! The objects of the environment as rows, newest first, and in detail.

use serde_json::{Value, json};

use super::parameters::Parameters;
use super::redact;
use crate::clock::Instant;
use crate::environment::Environment;
use crate::model::{Connection, Organization, Session, User};
use crate::percent;
use crate::shared::Shared;
use crate::store::Store;

/// The header of the page: addresses, the clock, and the number of objects of each kind.
pub(super) fn summary(shared: &Shared) -> Value {
    let (requests, deliveries) = (shared.log.len(), shared.outgoing.len());
    let operations = shared.operations();
    let env = shared.env();
    let store = &env.store;
    json!({
        "environment_url": env.store.environment_url,
        "client_id": env.client_id,
        "now": env.clock.now(),
        "signing_key": env.keys.active().kid,
        "faults": env.faults.list(),
        "login_page": env.login.settings.shows_page(),
        "login_scripts": env.login.pending_scripts(),
        "counts": {
            "organizations": store.organizations.len(),
            "connections": store.connections.len(),
            "directories": store.directories.len(),
            "users": store.users.len(),
            "sessions": store.sessions.len(),
            "clients": store.clients.len(),
            "outbox": store.outbox.len(),
            "requests": requests,
            "deliveries": deliveries,
        },
        "operations": operations,
    })
}

/// The secret, which the page requests only when the developer reveals it.
pub(super) fn credentials(env: &Environment) -> Value {
    json!({"client_id": env.client_id, "client_secret": env.client_secret})
}

/// A list of objects or one object. `None` if the path is that of neither.
pub(super) fn find(env: &Environment, path: &str, parameters: &Parameters) -> Option<Value> {
    let mut found = match path.split_once('/') {
        None => list(env, path, parameters)?,
        Some((kind, id)) => detail(env, kind, &percent::decode(id)?)?,
    };
    redact::mask(&mut found);
    Some(found)
}

fn list(env: &Environment, kind: &str, parameters: &Parameters) -> Option<Value> {
    let (store, now) = (&env.store, env.clock.now());
    Some(match kind {
        "organizations" => rows(
            store.organizations.iter(),
            parameters,
            |own| format!("{}\n{}\n{}", own.id, own.display_name, own.external_id),
            |own| organization_row(store, own),
        ),
        "connections" => rows(
            store.connections.iter(),
            parameters,
            |own| format!("{}\n{}\n{}\n{}", own.id, own.organization_id, own.kind, own.provider),
            |own| connection_row(store, own),
        ),
        "directories" => rows(
            store.directories.iter(),
            parameters,
            |own| format!("{}\n{}\n{}", own.id, own.organization_id, own.name),
            |own| store.directory_json(own),
        ),
        "users" => rows(store.users.iter(), parameters, user_text, |own| user_row(store, own)),
        "sessions" => rows(
            store.sessions.iter(),
            parameters,
            |own| format!("{}\n{}\n{}", own.session_id, own.user_id, own.organization_id),
            |own| session_row(store, own, now),
        ),
        "clients" => rows(
            store.clients.iter(),
            parameters,
            |own| format!("{}\n{}\n{}", own.id, own.organization_id, own.name),
            |own| own.json(),
        ),
        _ => return None,
    })
}

/// One page of rows, newest first.
fn rows<'a, T: 'a>(
    objects: impl Iterator<Item = &'a T>,
    parameters: &Parameters,
    text: impl Fn(&T) -> String,
    row: impl Fn(&T) -> Value,
) -> Value {
    let all: Vec<&T> = objects.collect();
    let (total, page) = parameters.page(all.into_iter().rev().filter(|own| parameters.matches(|| text(own))));
    json!({"total": total, "rows": page.into_iter().map(row).collect::<Vec<_>>()})
}

fn detail(env: &Environment, kind: &str, id: &str) -> Option<Value> {
    let (store, now) = (&env.store, env.clock.now());
    Some(match kind {
        "organizations" => organization_detail(store, store.organizations.get(id)?),
        "connections" => store.connections.get(id)?.detail(&store.domains),
        "directories" => directory_detail(store, id)?,
        "users" => store.user_json(store.users.get(id)?, now),
        "sessions" => session_row(store, store.sessions.get(id)?, now),
        "clients" => store.clients.get(id)?.json(),
        _ => return None,
    })
}

fn organization_row(store: &Store, organization: &Organization) -> Value {
    let mut row = json!(organization);
    let own = store.connections.iter().filter(|own| own.organization_id == organization.id);
    row["connections"] = own.map(|own| connection_row(store, own)).collect();
    let members = store.memberships.iter().filter(|own| own.organization_id == organization.id);
    row["users"] = members.count().into();
    row
}

fn organization_detail(store: &Store, organization: &Organization) -> Value {
    let mut detail = organization_row(store, organization);
    let directories = store.directories.iter().filter(|own| own.organization_id == organization.id);
    detail["directories"] = directories.map(|own| store.directory_json(own)).collect();
    let domains = store.domains.iter().filter(|own| own.organization_id == organization.id);
    detail["domains"] = domains.map(|own| json!(own)).collect();
    let clients = store.clients.iter().filter(|own| own.organization_id == organization.id);
    detail["clients"] = clients.map(|own| own.json()).collect();
    detail
}

fn connection_row(store: &Store, connection: &Connection) -> Value {
    json!({
        "id": connection.id,
        "organization_id": connection.organization_id,
        "organization_name": organization_name(store, &connection.organization_id),
        "type": connection.kind,
        "provider": connection.provider,
        "status": connection.status,
        "enabled": connection.enabled,
    })
}

/// Only the first users and groups: a directory may have many thousands.
fn directory_detail(store: &Store, id: &str) -> Option<Value> {
    const SHOWN: usize = 20;
    let mut detail = store.directory_json(store.directories.get(id)?);
    let users = store.directory_users.iter().filter(|own| own.directory_id == id).take(SHOWN);
    detail["first_users"] = users.map(|own| own.json(&store.directory_groups, false)).collect();
    let groups = store.directory_groups.iter().filter(|own| own.directory_id == id).take(SHOWN);
    detail["first_groups"] = groups.map(|own| own.json(false)).collect();
    Some(detail)
}

fn user_text(user: &User) -> String {
    format!("{}\n{}\n{}\n{}", user.id, user.email, user.external_id, json!(user.user_profile))
}

fn user_row(store: &Store, user: &User) -> Value {
    let mut row = json!(user);
    let organizations = store.memberships_of(&user.id);
    row["organizations"] = organizations.map(|own| organization_name(store, &own.organization_id)).collect();
    row
}

fn session_row(store: &Store, session: &Session, now: Instant) -> Value {
    let mut session = session.clone();
    session.settle(now);
    let mut row = json!(session);
    row["email"] = store.users.get(&session.user_id).map_or("", |user| &user.email).into();
    row
}

fn organization_name<'a>(store: &'a Store, id: &'a str) -> &'a str {
    store.organizations.get(id).map_or(id, |own| &own.display_name)
}
