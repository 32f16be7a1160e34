//! The source of `tests/fixtures/tokens.json`: tokens, expectations and expected outcomes.
//!
//! The tokens are signed here, because every language runs the same file without being able to sign. All timestamps are
//! far in the past or future, so that the file stays valid; checks to the second are tested elsewhere with a moved clock.

mod claims;
mod forms;
mod good;
mod ids;
mod signatures;

use serde_json::{Value, json};

use crate::support::forge::{Draft, Key};

/// The environment of the vectors.
pub const ENVIRONMENT: &str = "https://acme.scalekit.example";
/// The client of the vectors.
pub const CLIENT: &str = "skc_1234";
/// The expected audience of access tokens.
pub const API: &str = "https://api.acme.example";

const KID: &str = "snk_1";
/// January 1, 2025.
const PAST: i64 = 1_735_689_600;
/// January 1, 2100.
const FUTURE: i64 = 4_102_444_800;

/// One case of the file.
pub struct Case {
    name: &'static str,
    kind: &'static str,
    token: String,
    expectations: Value,
    outcome: (&'static str, Value),
}

impl Case {
    fn new(kind: &'static str, name: &'static str, token: String, outcome: (&'static str, Value)) -> Case {
        let audience = matches!(kind, "access" | "machine").then(|| json!({"audience": [API]}));
        Case { name, kind, token, expectations: audience.unwrap_or_else(|| json!({})), outcome }
    }

    /// A token that is rejected with this code.
    fn bad(kind: &'static str, name: &'static str, token: String, code: &'static str) -> Case {
        let variant = match code {
            "token_expired" => "TokenExpired",
            "missing_scope" => "MissingScope",
            _ => "InvalidToken",
        };
        Case::new(kind, name, token, ("error", json!({"variant": variant, "code": code})))
    }

    /// A token that is accepted with at least these claims.
    fn good(kind: &'static str, name: &'static str, token: String, claims: Value) -> Case {
        Case::new(kind, name, token, ("claims", claims))
    }

    /// Sets an expectation.
    fn expecting(mut self, name: &str, value: Value) -> Case {
        self.expectations[name] = value;
        self
    }

    fn to_json(&self) -> Value {
        json!({
            "name": self.name, "kind": self.kind, "token": self.token, "expectations": self.expectations,
            self.outcome.0: self.outcome.1,
        })
    }
}

/// The signing keys: `published` has the key ID `KID`, `second` has `snk_2`, and `unpublished` is not in the key set.
pub struct Signers {
    published: Key,
    second: Key,
    unpublished: Key,
}

impl Signers {
    fn load() -> Signers {
        Signers { published: Key::load(0), second: Key::load(1), unpublished: Key::load(2) }
    }

    fn key_set(&self) -> Value {
        let unusable = [
            json!({"kty": "EC", "kid": "ec", "crv": "P-256", "x": "AA", "y": "AA"}),
            json!({"kty": "oct", "kid": KID, "k": "AAAA"}),
            json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
            json!("not a key"),
        ];
        let mut keys = unusable.to_vec();
        keys.extend([self.published.jwk(KID), self.second.jwk("snk_2")]);
        json!({"keys": keys})
    }
}

/// A valid access token of a user.
fn access() -> Draft {
    Draft::new(
        KID,
        json!({
            "iss": ENVIRONMENT, "sub": "usr_1", "aud": [API], "exp": FUTURE, "iat": PAST, "nbf": PAST, "jti": "tkn_1",
            "sid": "ses_1", "oid": "org_1", "client_id": CLIENT, "scope": "openid profile read:all",
            "roles": ["admin", "member"], "permissions": ["read:all", "write:own"],
            "xoid": "acme", "xuid": "u-1", "custom_claims": {"tier": "gold"}, "unheard_of": {"x": [1, null]},
        }),
    )
}

/// A valid access token of a machine.
fn machine() -> Draft {
    Draft::new(
        KID,
        json!({
            "iss": ENVIRONMENT, "sub": "m2morg_1", "client_id": "m2morg_1", "aud": API, "exp": FUTURE, "iat": PAST,
            "nbf": PAST, "jti": "tkn_2", "oid": "org_1", "scopes": ["read:all", "write:all"],
        }),
    )
}

/// A valid ID token.
fn id() -> Draft {
    Draft::new(
        KID,
        json!({
            "iss": ENVIRONMENT, "sub": "usr_1", "aud": [CLIENT], "azp": CLIENT, "exp": FUTURE, "iat": PAST,
            "oid": "org_1", "sid": "ses_1", "amr": ["conn_1"], "email": "ada@acme.example", "email_verified": true,
            "name": "Ada Lovelace", "given_name": "Ada", "family_name": "Lovelace", "updated_at": "1735689600",
            "identities": [{"connection_id": "conn_1", "organization_id": "org_1", "connection_type": "OIDC",
                "provider_name": "OKTA", "social": false, "provider_raw_attributes": {"team": "engines"}}],
        }),
    )
}

/// A valid token of an IdP-initiated login.
fn idp() -> Draft {
    Draft::new(
        KID,
        json!({
            "iss": ENVIRONMENT, "organization_id": "org_1", "connection_id": "conn_1", "login_hint": "ada@acme.example",
            "relay_state": "/deep", "exp": FUTURE, "iat": PAST, "nbf": PAST,
        }),
    )
}

/// All cases.
pub fn cases() -> Vec<Case> {
    let signers = Signers::load();
    let all = [
        good::cases(&signers),
        forms::cases(&signers),
        signatures::cases(&signers),
        claims::cases(&signers),
        ids::cases(&signers),
    ];
    all.into_iter().flatten().collect()
}

/// The content of the file.
pub fn file() -> Value {
    json!({
        "environment_url": ENVIRONMENT,
        "client_id": CLIENT,
        "keys": Signers::load().key_set(),
        "cases": cases().iter().map(Case::to_json).collect::<Vec<_>>(),
    })
}
