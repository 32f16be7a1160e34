//! The claims of access tokens and ID tokens.

use serde_json::{Map, Value, json};

use crate::clock::Instant;
use crate::environment::Environment;
use crate::json::overlay;
use crate::login_state::{BrowserSession, Person};
use crate::token::left_half_hash;

/// The session, client, scope and time for which tokens are issued.
pub(crate) struct TokenContext<'a> {
    pub(crate) session: &'a BrowserSession,
    pub(crate) app_id: &'a str,
    pub(crate) scope: &'a str,
    /// The audience of the access token. Empty: the client.
    pub(crate) audience: &'a [String],
    /// The `auth_time` of the ID token.
    pub(crate) auth_time: Option<i64>,
    pub(crate) now: Instant,
}

/// Inputs of the ID token claims that bind it to the request: `nonce`, `c_hash` and `at_hash`.
pub(crate) struct Binding<'a> {
    pub(crate) nonce: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
    pub(crate) access_token: &'a str,
}

/// Returns the claims about a person that a scope grants (OpenID Connect Core 1.0, section 5.4).
pub(crate) fn scope_claims(person: &Person, scope: &str) -> Value {
    let has_scope = |name: &str| scope.split_whitespace().any(|granted| granted == name);
    let mut claims = json!({});
    if has_scope("email") {
        overlay(&mut claims, &json!({"email": person.email(), "email_verified": true}));
    }
    if has_scope("profile") {
        let (given, family) = person.names();
        let name = format!("{given} {family}");
        overlay(&mut claims, &json!({"name": name, "given_name": given, "family_name": family}));
    }
    claims
}

impl TokenContext<'_> {
    /// Returns the claims of the access token, without `jti`.
    pub(crate) fn access_claims(&self, env: &Environment) -> Value {
        let (session, person) = (self.session, &self.session.person);
        let issued_at = self.now.unix_seconds();
        let lifetime = env.login.settings.access_token_lifetime_seconds;
        let own = [self.app_id.to_owned()];
        let mut claims = json!({
            "iss": env.store.environment_url,
            "aud": if self.audience.is_empty() { &own } else { self.audience },
            "sub": session.subject,
            "client_id": self.app_id,
            "sid": session.id,
            "iat": issued_at,
            "nbf": issued_at,
            "exp": issued_at + i64::from(lifetime),
            "scope": self.scope,
            "roles": person.roles,
            "permissions": person.permissions,
        });
        // The official SDKs check the scopes of MCP clients in this claim.
        if env.login.apps.get(self.app_id).is_some_and(|client| client.resource_id.is_some()) {
            claims["scopes"] = self.scope.split_whitespace().collect();
        }
        self.add_organization(env, &mut claims);
        insert_if_some(&mut claims, "xuid", person.external_id.as_deref());
        overlay(&mut claims, &Value::Object(person.access_claims.clone()));
        claims
    }

    /// Returns the claims of the ID token.
    pub(crate) fn id_claims(&self, env: &Environment, binding: &Binding) -> Value {
        let (session, person) = (self.session, &self.session.person);
        let issued_at = self.now.unix_seconds();
        let lifetime = env.login.settings.id_token_lifetime_seconds;
        let mut claims = json!({
            "iss": env.store.environment_url,
            "aud": [self.app_id],
            "azp": self.app_id,
            "sub": session.subject,
            "client_id": self.app_id,
            "sid": session.id,
            "amr": [session.connection_id],
            "iat": issued_at,
            "exp": issued_at + i64::from(lifetime),
            "at_hash": left_half_hash(binding.access_token),
        });
        insert_if_some(&mut claims, "nonce", binding.nonce);
        insert_if_some(&mut claims, "c_hash", binding.code.map(left_half_hash).as_deref());
        insert_if_some(&mut claims, "oid", session.organization_id.as_deref());
        if let Some(auth_time) = self.auth_time {
            claims["auth_time"] = json!(auth_time);
        }
        overlay(&mut claims, &scope_claims(person, self.scope));
        overlay(&mut claims, &Value::Object(person.claims.clone()));
        claims
    }

    fn add_organization(&self, env: &Environment, claims: &mut Value) {
        let Some(id) = self.session.organization_id.as_deref() else { return };
        let organization = env.store.organizations.get(id);
        let external_id = organization.map(|found| found.external_id.as_str()).filter(|id| !id.is_empty());
        insert_if_some(claims, "oid", Some(id));
        insert_if_some(claims, "xoid", external_id);
    }
}

fn insert_if_some(claims: &mut Value, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        overlay(claims, &Value::Object(Map::from_iter([(name.to_owned(), json!(value))])));
    }
}
