//! The service's operations: one file per area, and the table that maps operations to handlers.
//!
//! To add an operation, write its handler in the file of its area and add an [`Entry`] to that file's `ENTRIES`. Method
//! and path come from [`scalekit::operations`].

mod auth_logs;
mod clients;
mod connected_accounts;
mod connections;
mod custom_providers;
mod directories;
mod domains;
mod invitations;
mod mcp_configs;
mod memberships;
mod organization_policies;
mod organization_roles;
mod organizations;
mod paging;
mod passkeys;
mod passwordless;
mod permissions;
mod roles;
mod sessions;
mod tools;
mod users;

use serde_json::{Map, Value};

use crate::clock::Instant;
use crate::environment::Environment;
use crate::error::ApiError;
use crate::model::Organization;
use crate::reply::Outcome;
use crate::request::Request;
use crate::router::Params;
use crate::store::Store;
use crate::validate::{self, Field, Query};
use crate::webhooks::EventSink;

/// The tables of all areas.
const AREAS: &[&[Entry]] = &[
    organizations::ENTRIES,
    connections::ENTRIES,
    sessions::ENTRIES,
    passkeys::ENTRIES,
    auth_logs::ENTRIES,
    connected_accounts::ENTRIES,
    tools::ENTRIES,
    mcp_configs::ENTRIES,
    custom_providers::ENTRIES,
    organization_policies::ENTRIES,
    directories::ENTRIES,
    domains::ENTRIES,
    clients::ENTRIES,
    passwordless::ENTRIES,
    users::ENTRIES,
    memberships::ENTRIES,
    roles::ENTRIES,
    organization_roles::ENTRIES,
    permissions::ENTRIES,
];

/// An operation: its query and body rules, and its handler.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: &'static str,
    query: &'static [Field],
    body: Option<&'static [Field]>,
    run: Run,
}

/// A handler.
#[derive(Debug)]
enum Run {
    /// Needs only the objects, and the event sink in the call.
    Store(fn(&mut Store, &Call) -> Outcome),
    /// Needs browser sessions, interceptors or keys, too.
    Environment(fn(&mut Environment, &Call) -> Outcome),
}

impl Entry {
    const fn new(id: &'static str, run: fn(&mut Store, &Call) -> Outcome) -> Entry {
        Entry { id, query: &[], body: None, run: Run::Store(run) }
    }

    const fn with_environment(id: &'static str, run: fn(&mut Environment, &Call) -> Outcome) -> Entry {
        Entry { id, query: &[], body: None, run: Run::Environment(run) }
    }

    const fn query(self, query: &'static [Field]) -> Entry {
        Entry { query, ..self }
    }

    const fn body(self, body: &'static [Field]) -> Entry {
        Entry { body: Some(body), ..self }
    }

    /// Validates the request and runs the handler.
    pub(crate) fn handle(&self, env: &mut Environment, params: &Params, request: &Request) -> Outcome {
        let query = validate::query(request, self.query)?;
        let body = match self.body {
            Some(fields) => validate::body(request, fields)?,
            None => validate::no_body(request).map(|()| Map::new())?,
        };
        let (user_agent, trace_id) = (request.header("user-agent").unwrap_or_default(), &request.trace_id);
        let events = &env.events.clone();
        let call = Call { params, query, body, now: env.clock.now(), events, user_agent, trace_id };
        match self.run {
            Run::Store(run) => run(&mut env.store, &call),
            Run::Environment(run) => run(env, &call),
        }
    }
}

/// Finds the entry of an operation.
pub(crate) fn entry(id: &str) -> Option<&'static Entry> {
    AREAS.iter().copied().flatten().find(|entry| entry.id == id)
}

/// A validated request and the event sink: the input of a handler.
pub(crate) struct Call<'a> {
    params: &'a Params,
    query: Query,
    body: Map<String, Value>,
    now: Instant,
    events: &'a EventSink,
    user_agent: &'a str,
    trace_id: &'a str,
}

impl Call<'_> {
    /// A path parameter.
    fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// A body field as text. `None` if omitted.
    fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    /// A body field as an integer, sent as a number or as text. `None` if omitted.
    fn integer(&self, name: &str) -> Option<i64> {
        let value = self.body.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    /// The organization in the path.
    fn organization<'a>(&self, store: &'a Store) -> Result<&'a Organization, ApiError> {
        let id = self.param("organization_id");
        store.organizations.get(id).ok_or_else(|| ApiError::not_found("organization", id))
    }

    /// A deserialized body field. `None` if omitted.
    fn field<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ApiError> {
        let parse = |value: &Value| serde_json::from_value(value.clone());
        let parsed = self.body.get(name).map(parse).transpose();
        parsed.map_err(|error| ApiError::invalid_field(name, "type", error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn operations_and_handlers_match_one_to_one() {
        let handlers: Vec<_> = AREAS.iter().copied().flatten().map(|entry| entry.id.to_owned()).collect();
        let operations: BTreeSet<_> = scalekit::operations().into_iter().map(|op| op.id).collect();
        let distinct: BTreeSet<_> = handlers.iter().cloned().collect();
        assert_eq!(distinct.len(), handlers.len(), "an operation has two handlers");
        let missing: Vec<_> = operations.difference(&distinct).collect();
        let unknown: Vec<_> = distinct.difference(&operations).collect();
        assert!(missing.is_empty(), "operations without a handler: {missing:?}");
        assert!(unknown.is_empty(), "handlers without an operation: {unknown:?}");
    }
}
