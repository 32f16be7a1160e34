//! The areas of the API: which module or file of a package has which class.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::{Callable, Type};

use crate::interface::{Result, methods};

/// The modules and the first line of their documentation. A class that several areas use belongs to the area that it is
/// named after, or else to the first of them in this list.
const AREAS: &[(&str, &str)] = &[
    ("client", "The clients, their options, and calls of operations that have no method."),
    ("errors", "The error that every call can raise, and its details."),
    ("secrets", "Values that are never printed or logged."),
    ("organizations", "Organizations: the tenants of an environment, their settings and portal links."),
    ("connections", "SSO connections of organizations."),
    ("directories", "SCIM directories, their users and groups."),
    ("domains", "Domains of organizations."),
    ("users", "Users of the environment."),
    ("memberships", "Memberships of users in organizations, and invitations."),
    ("roles", "Roles of the environment."),
    ("permissions", "Permissions, which roles consist of."),
    ("organization_roles", "Roles of single organizations."),
    ("sessions", "Sessions of users."),
    ("clients", "M2M clients of organizations, and their secrets."),
    ("passwordless", "Passwordless login by email."),
    ("passkeys", "Passkeys of users."),
    ("auth_logs", "The log of authentications."),
    ("connected_accounts", "Connected accounts of agents."),
    ("custom_providers", "Custom providers of connected accounts."),
    ("tools", "Tools that agents execute."),
    ("mcp_configs", "MCP configurations."),
    ("login", "Login with OpenID Connect: start, finish, refresh and log out."),
    ("tokens", "Validation of access tokens and ID tokens."),
    ("machine_tokens", "Access tokens of machine clients."),
    ("webhooks", "Verification of webhooks."),
    ("webhook_events", "The data of each type of webhook event."),
    ("interceptors", "Verification of interceptor requests, and responses to them."),
];

/// Types that are named after no area, and objects whose name is not that of their area.
const MEMBERS: &[(&str, &[&str])] = &[
    ("client", &["ScalekitClient", "PublicScalekitClient", "ClientOptions", "CallOptions", "RetryOptions"]),
    ("client", &["TrustedRoots", "HttpMethod", "RawResponse", "OperationInfo", "LogLevel"]),
    ("errors", &["ScalekitError", "Failure", "FieldViolation", "FailureSource"]),
    ("secrets", &["SecretText", "SecretJson"]),
    ("login", &["LoginSession", "LoginTransaction", "Pkce", "IdTokenClaims", "IdpInitiatedClaims"]),
    ("tokens", &["ExpectedAudience"]),
    ("webhooks", &["WebhookVerifier", "WebhookSigner", "WebhookEvent", "VerifiedWebhook"]),
    ("webhook_events", &["WebhookData"]),
    ("interceptors", &["InterceptorVerifier", "InterceptorResponse", "InterceptorMembership"]),
];

/// The area of each public class, and the areas in the order of this list.
pub struct Areas(BTreeMap<String, &'static str>);

impl Areas {
    /// Finds the areas of all classes but those that are internal in the language.
    pub fn find(interface: &ComponentInterface, is_internal: fn(&str) -> bool) -> Result<Self> {
        let mut areas = Self(BTreeMap::new());
        for (area, names) in MEMBERS {
            for name in *names {
                areas.0.insert((*name).to_owned(), area);
                areas.0.insert(format!("Async{name}"), area);
            }
        }
        areas.add_objects(interface, is_internal)?;
        areas.add_event_data(interface);
        areas.add_types(interface)?;
        areas.0.retain(|name, _| !is_internal(name) && exists(interface, name));
        Ok(areas)
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        AREAS.iter().map(|(name, _)| *name).filter(|name| self.0.values().any(|area| area == name))
    }

    /// The public classes, with their areas.
    pub fn all(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.0.iter().map(|(name, area)| (name.as_str(), *area))
    }

    pub fn of(&self, name: &str) -> Option<&'static str> {
        self.0.get(name).copied()
    }

    /// A resource is named after its area, and a pager belongs to the resource that returns it.
    fn add_objects(&mut self, interface: &ComponentInterface, is_internal: fn(&str) -> bool) -> Result {
        for object in interface.object_definitions() {
            let area = object.name().trim_start_matches("Async").to_snake_case();
            if let Some((area, _)) = AREAS.iter().find(|(name, _)| *name == area) {
                self.0.insert(object.name().to_owned(), area);
            }
        }
        for object in interface.object_definitions() {
            let Some(area) = self.of(object.name()) else { continue };
            for method in methods(object) {
                if let Some(Type::Object { name, .. }) = method.return_type() {
                    self.0.entry(name.clone()).or_insert(area);
                }
            }
        }
        match interface
            .object_definitions()
            .iter()
            .find(|o| self.of(o.name()).is_none() && !is_internal(o.name()))
        {
            Some(object) => Err(format!("no area for the object {}", object.name()).into()),
            None => Ok(()),
        }
    }

    /// The data of events is an area of its own. Their names say what it is: `RoleEventData`.
    fn add_event_data(&mut self, interface: &ComponentInterface) {
        let mut found = BTreeSet::new();
        if let Some(of) = interface.get_type("WebhookData") {
            follow(interface, &of, &mut found);
        }
        for name in found.into_iter().filter(|name| name.contains("Event")) {
            self.0.entry(name).or_insert("webhook_events");
        }
    }

    fn add_types(&mut self, interface: &ComponentInterface) -> Result {
        let mut users = BTreeMap::<String, BTreeSet<usize>>::new();
        for object in interface.object_definitions() {
            let Some(area) = self.of(object.name()) else { continue };
            let number =
                AREAS.iter().position(|(name, _)| *name == area).ok_or("an area that is not in the list")?;
            for name in reachable(interface, object) {
                users.entry(name).or_default().insert(number);
            }
        }
        for (name, users) in users {
            let named_after =
                users.iter().map(|number| AREAS[*number].0).find(|area| is_named_after(&name, area));
            let first = users.first().map(|number| AREAS[*number].0);
            if let Some(area) = named_after.or(first) {
                self.0.entry(name).or_insert(area);
            }
        }
        Ok(())
    }
}

/// The documentation of an area's module.
pub fn docs(area: &str) -> Result<&'static str> {
    let found = AREAS.iter().find(|(name, _)| *name == area);
    found.map(|(_, docs)| *docs).ok_or_else(|| format!("no area {area}").into())
}

/// Whether a type's name begins with the singular of an area, perhaps after a verb: `CreateUserProfile` and `users`.
fn is_named_after(name: &str, area: &str) -> bool {
    let (name, singular) = (name.to_snake_case(), singular(area));
    let without_verb = name.split_once('_').map_or("", |(_, rest)| rest);
    [name.as_str(), without_verb].iter().any(|name| {
        name.strip_prefix(singular.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
}

fn singular(area: &str) -> String {
    match area.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => area.trim_end_matches('s').to_owned(),
    }
}

fn exists(interface: &ComponentInterface, name: &str) -> bool {
    interface.get_object_definition(name).is_some()
        || interface.get_record_definition(name).is_some()
        || interface.get_enum_definition(name).is_some()
}

/// The names of the records and enumerations that an object's methods use.
fn reachable(interface: &ComponentInterface, object: &uniffi_bindgen::interface::Object) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let callables = methods(object).map(|m| m as &dyn Callable);
    let callables = callables.chain(object.constructors().into_iter().map(|c| c as &dyn Callable));
    for callable in callables {
        for argument in callable.arguments() {
            argument.iter_types().for_each(|of| follow(interface, of, &mut found));
        }
        callable
            .return_type()
            .into_iter()
            .flat_map(Type::iter_types)
            .for_each(|of| follow(interface, of, &mut found));
    }
    found
}

/// Adds the records and enumerations of a type, and those of their fields and methods.
pub fn follow(interface: &ComponentInterface, of: &Type, found: &mut BTreeSet<String>) {
    match of {
        Type::Record { name, .. } => {
            if !found.insert(name.clone()) {
                return;
            }
            let Some(record) = interface.get_record_definition(name) else { return };
            record.fields().iter().flat_map(|f| f.iter_types()).for_each(|of| follow(interface, of, found));
            let returned = record.methods().iter().filter_map(Callable::return_type);
            returned.flat_map(Type::iter_types).for_each(|of| follow(interface, of, found));
        }
        Type::Enum { name, .. } => {
            if !found.insert(name.clone()) {
                return;
            }
            let Some(of) = interface.get_enum_definition(name) else { return };
            let fields =
                of.variants().iter().flat_map(|variant| variant.fields().to_vec()).collect::<Vec<_>>();
            fields.iter().flat_map(|f| f.iter_types()).for_each(|of| follow(interface, of, found));
        }
        Type::Box { inner_type } => follow(interface, inner_type, found),
        _ => {}
    }
}
