//! What the tokens of a person say.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

use super::session::Session;
use crate::clock::Instant;
use crate::json::overlay;
use crate::world::World;

/// Which tokens, for whom.
pub(crate) struct Subject<'a> {
    pub(crate) session: &'a Session,
    pub(crate) app_id: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) now: Instant,
}

/// The claims of the ID token that hold a digest of something, or bind it to the request.
pub(crate) struct Binding<'a> {
    pub(crate) nonce: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
    pub(crate) access_token: &'a str,
}

impl Subject<'_> {
    fn has(&self, scope: &str) -> bool {
        self.scope.split_whitespace().any(|own| own == scope)
    }

    /// The access token, all but its id.
    pub(crate) fn access(&self, world: &World) -> Value {
        let (session, person) = (self.session, &self.session.person);
        let issued_at = self.now.unix_seconds();
        let lifetime = world.login.settings.access_token_lifetime_seconds;
        let mut claims = json!({
            "iss": world.environment_url,
            "aud": [self.app_id],
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
        self.organization(world, &mut claims);
        optional(&mut claims, "xuid", person.external_id.as_deref());
        overlay(&mut claims, &Value::Object(person.access_claims.clone()));
        claims
    }

    pub(crate) fn id(&self, world: &World, binding: &Binding) -> Value {
        let (session, person) = (self.session, &self.session.person);
        let issued_at = self.now.unix_seconds();
        let lifetime = world.login.settings.id_token_lifetime_seconds;
        let mut claims = json!({
            "iss": world.environment_url,
            "aud": [self.app_id],
            "azp": self.app_id,
            "sub": session.subject,
            "client_id": self.app_id,
            "sid": session.id,
            "amr": [session.connection_id],
            "iat": issued_at,
            "exp": issued_at + i64::from(lifetime),
            "at_hash": half_hash(binding.access_token),
        });
        optional(&mut claims, "nonce", binding.nonce);
        optional(&mut claims, "c_hash", binding.code.map(half_hash).as_deref());
        optional(&mut claims, "oid", session.organization_id.as_deref());
        if self.has("email") {
            overlay(&mut claims, &json!({"email": person.email(), "email_verified": true}));
        }
        if self.has("profile") {
            let (given, family) = person.names();
            let name = format!("{given} {family}");
            overlay(&mut claims, &json!({"name": name, "given_name": given, "family_name": family}));
        }
        overlay(&mut claims, &Value::Object(person.claims.clone()));
        claims
    }

    fn organization(&self, world: &World, claims: &mut Value) {
        let Some(id) = self.session.organization_id.as_deref() else { return };
        let organization = world.store.organizations.get(id);
        let external = organization.map(|own| own.external_id.as_str()).filter(|id| !id.is_empty());
        optional(claims, "oid", Some(id));
        optional(claims, "xoid", external);
    }
}

fn optional(claims: &mut Value, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        overlay(claims, &Value::Object(Map::from_iter([(name.to_owned(), json!(value))])));
    }
}

/// The left half of the SHA-256, as OpenID Connect Core has it for RS256 (section 3.1.3.6).
pub(crate) fn half_hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, text.as_bytes()).as_ref()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_specification() {
        // OpenID Connect Core, appendix A.4: the access token, and its `at_hash`.
        assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
