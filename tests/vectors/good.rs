//! Tokens that are accepted.

use serde_json::json;

use super::{API, CLIENT, Case, ENVIRONMENT, Signers, access, id, idp, machine};
use crate::support::forge::Draft;

pub fn cases(signers: &Signers) -> Vec<Case> {
    let sign = |draft: Draft| draft.sign(&signers.published);
    let ok = |name, draft: Draft| Case::good("access", name, sign(draft), json!({"subject": "usr_1"}));
    let resource = format!("{ENVIRONMENT}/resources/res_1");
    vec![
        Case::good(
            "access",
            "user access token",
            sign(access()),
            json!({
                "issuer": ENVIRONMENT, "subject": "usr_1", "audience": [API], "token_id": "tkn_1",
                "organization_id": "org_1", "session_id": "ses_1", "client_id": CLIENT, "roles": ["admin", "member"],
                "permissions": ["read:all", "write:own"], "scopes": ["openid", "profile", "read:all"],
                "external_organization_id": "acme", "external_user_id": "u-1", "custom_claims": {"tier": "gold"},
                "expires_at": "2100-01-01T00:00:00Z", "issued_at": "2025-01-01T00:00:00Z",
                "payload": access().claims,
            }),
        ),
        Case::good("access", "machine access token", sign(machine()), json!({"subject": "m2morg_1"})),
        ok(
            "signed with the second key",
            Draft { header: json!({"alg": "RS256", "kid": "snk_2"}), ..access() },
        )
        .with_token(
            Draft { header: json!({"alg": "RS256", "kid": "snk_2"}), ..access() }.sign(&signers.second),
        ),
        ok("typ is absent", access().header_without("typ")),
        ok("typ is at+JWT", access().header("typ", "at+JWT")),
        ok("unknown header parameters", access().header("x-note", "hello").header("x5t", "AA")),
        ok("aud is a string", access().claim("aud", API)),
        ok("aud list contains the expected audience", access().claim("aud", json!(["a", API, "b"]))),
        ok("aud is absent, audience unchecked", access().without("aud")).expecting("audience", json!(null)),
        ok("aud is another audience, audience unchecked", access().claim("aud", "other"))
            .expecting("audience", json!(null)),
        ok("aud is one of several expected audiences", access()).expecting("audience", json!(["x", API])),
        ok("aud is the expected client with prefix prd_", access().claim("aud", format!("prd_{CLIENT}")))
            .expecting("audience", json!([CLIENT])),
        ok("events claim without a logout event", access().claim("events", json!({"summit": 2}))),
        ok("iat and nbf are absent", access().without("iat").without("nbf")),
        ok("iss is an allowed resource", access().claim("iss", resource.as_str()))
            .expecting("resource_ids", json!(["res_0", "res_1"])),
        ok("iss is the environment, resource allowed", access()).expecting("resource_ids", json!(["res_1"])),
        ok("iss is an expected issuer", access().claim("iss", "https://auth.acme.example"))
            .expecting("issuers", json!([ENVIRONMENT, "https://auth.acme.example"])),
        ok("scope is a string", access()).expecting("required_scopes", json!(["read:all", "openid"])),
        ok("scopes is a list", access().without("scope").claim("scopes", json!(["a", "b"])))
            .expecting("required_scopes", json!(["a", "b"])),
        ok("scope and scopes are both present", access().claim("scopes", json!(["extra"])))
            .expecting("required_scopes", json!(["extra", "read:all"])),
        Case::good(
            "access",
            "optional claims have the wrong type",
            sign(access().claim("roles", "admin").claim("sid", 7).claim("permissions", json!([1, "x"]))),
            json!({"roles": ["admin"], "permissions": ["x"], "session_id": null}),
        ),
        ok("null claims count as absent", access().claim("nbf", json!(null)).claim("scopes", json!(null))),
        Case::good(
            "machine",
            "machine token",
            sign(machine()),
            json!({
                "client_id": "m2morg_1", "organization_id": "org_1", "scopes": ["read:all", "write:all"],
                "audience": [API], "token_id": "tkn_2", "payload": machine().claims,
            }),
        )
        .expecting("required_scopes", json!(["write:all"])),
        Case::good(
            "machine",
            "client_id is absent, sub is the client",
            sign(machine().without("client_id")),
            json!({"client_id": "m2morg_1"}),
        ),
        Case::good(
            "id",
            "ID token",
            sign(id()),
            json!({
                "issuer": ENVIRONMENT, "subject": "usr_1", "audience": [CLIENT], "organization_id": "org_1",
                "session_id": "ses_1", "authentication_methods": ["conn_1"], "email": "ada@acme.example",
                "email_verified": true, "name": "Ada Lovelace", "given_name": "Ada", "family_name": "Lovelace",
                "updated_at": "2025-01-01T00:00:00Z", "identities": id().claims["identities"], "payload": id().claims,
            }),
        ),
        Case::good("id", "nonce matches", sign(id().claim("nonce", "n-1")), json!({"subject": "usr_1"}))
            .expecting("nonce", json!("n-1")),
        Case::good(
            "id",
            "aud and azp are the client with prefix prd_",
            sign(id().claim("aud", format!("prd_{CLIENT}")).claim("azp", format!("prd_{CLIENT}"))),
            json!({}),
        ),
        Case::good(
            "id",
            "aud is a list, azp is the client",
            sign(id().claim("aud", json!(["x", CLIENT]))),
            json!({}),
        ),
        Case::good("id", "azp is absent, one audience", sign(id().without("azp")), json!({})),
        // The access token and hash from OpenID Connect Core, appendix A.
        Case::good(
            "id",
            "at_hash matches the access token",
            sign(id().claim("at_hash", "77QmUPtjPfzWtF2AnpK9RQ")),
            json!({}),
        )
        .expecting("access_token", json!("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")),
        Case::good("id", "at_hash is absent", sign(id()), json!({}))
            .expecting("access_token", json!("anything")),
        Case::good(
            "idp_initiated",
            "IdP-initiated login token",
            sign(idp()),
            json!({
                "organization_id": "org_1", "connection_id": "conn_1", "login_hint": "ada@acme.example",
                "relay_state": "/deep", "payload": idp().claims,
            }),
        ),
        Case::good("idp_initiated", "aud is the client", sign(idp().claim("aud", CLIENT)), json!({})),
    ]
}

impl Case {
    fn with_token(mut self, token: String) -> Case {
        self.token = token;
        self
    }
}
