//! Tokens that are accepted.

use serde_json::json;

use super::{API, CLIENT, Case, ENVIRONMENT, Signers, access, id, idp, machine};
use crate::support::forge::Draft;

pub fn cases(signers: &Signers) -> Vec<Case> {
    let sign = |draft: Draft| draft.sign(&signers.ours);
    let ok = |name, draft: Draft| Case::good("access", name, sign(draft), json!({"subject": "usr_1"}));
    let resource = format!("{ENVIRONMENT}/resources/res_1");
    vec![
        Case::good(
            "access",
            "access token of a person",
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
        Case::good("access", "access token of a machine", sign(machine()), json!({"subject": "m2morg_1"})),
        ok("second key", Draft { header: json!({"alg": "RS256", "kid": "snk_2"}), ..access() }).signed_again(
            Draft { header: json!({"alg": "RS256", "kid": "snk_2"}), ..access() }.sign(&signers.second),
        ),
        ok("no type", access().header_without("typ")),
        ok("type of an access token", access().header("typ", "at+JWT")),
        ok("strange but harmless header", access().header("x-note", "hello").header("x5t", "AA")),
        ok("one audience as text", access().claim("aud", API)),
        ok("right audience among others", access().claim("aud", json!(["a", API, "b"]))),
        ok("no audience, none expected", access().without("aud")).expecting("audience", json!(null)),
        ok("other audience, none expected", access().claim("aud", "other"))
            .expecting("audience", json!(null)),
        ok("one of several expected audiences", access()).expecting("audience", json!(["x", API])),
        ok(
            "production writes the expected client with a prefix",
            access().claim("aud", format!("prd_{CLIENT}")),
        )
        .expecting("audience", json!([CLIENT])),
        ok("events of one's own", access().claim("events", json!({"summit": 2}))),
        ok("no times but the end", access().without("iat").without("nbf")),
        ok("issuer of an allowed resource", access().claim("iss", resource.as_str()))
            .expecting("resource_ids", json!(["res_0", "res_1"])),
        ok("environment, where a resource is allowed", access()).expecting("resource_ids", json!(["res_1"])),
        ok("issuer as the caller says", access().claim("iss", "https://auth.acme.example"))
            .expecting("issuers", json!([ENVIRONMENT, "https://auth.acme.example"])),
        ok("scopes in a text", access()).expecting("required_scopes", json!(["read:all", "openid"])),
        ok("scopes in a list", access().without("scope").claim("scopes", json!(["a", "b"])))
            .expecting("required_scopes", json!(["a", "b"])),
        ok("scopes in both", access().claim("scopes", json!(["extra"])))
            .expecting("required_scopes", json!(["extra", "read:all"])),
        Case::good(
            "access",
            "claims that decide nothing may be odd",
            sign(access().claim("roles", "admin").claim("sid", 7).claim("permissions", json!([1, "x"]))),
            json!({"roles": ["admin"], "permissions": ["x"], "session_id": null}),
        ),
        ok(
            "claims that are null are absent",
            access().claim("nbf", json!(null)).claim("scopes", json!(null)),
        ),
        Case::good(
            "machine",
            "token of a machine",
            sign(machine()),
            json!({
                "client_id": "m2morg_1", "organization_id": "org_1", "scopes": ["read:all", "write:all"],
                "audience": [API], "token_id": "tkn_2", "payload": machine().claims,
            }),
        )
        .expecting("required_scopes", json!(["write:all"])),
        Case::good(
            "machine",
            "token of a machine that names its client once",
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
        Case::good(
            "id",
            "ID token with its nonce",
            sign(id().claim("nonce", "n-1")),
            json!({"subject": "usr_1"}),
        )
        .expecting("nonce", json!("n-1")),
        Case::good(
            "id",
            "production writes the client with a prefix",
            sign(id().claim("aud", format!("prd_{CLIENT}")).claim("azp", format!("prd_{CLIENT}"))),
            json!({}),
        ),
        Case::good(
            "id",
            "several audiences with the client as party",
            sign(id().claim("aud", json!(["x", CLIENT]))),
            json!({}),
        ),
        Case::good("id", "no party, one audience", sign(id().without("azp")), json!({})),
        // The access token and hash of OpenID Connect Core, appendix A.
        Case::good(
            "id",
            "hash of the access token",
            sign(id().claim("at_hash", "77QmUPtjPfzWtF2AnpK9RQ")),
            json!({}),
        )
        .expecting("access_token", json!("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")),
        Case::good("id", "no hash", sign(id()), json!({})).expecting("access_token", json!("anything")),
        Case::good(
            "idp_initiated",
            "start at the identity provider",
            sign(idp()),
            json!({
                "organization_id": "org_1", "connection_id": "conn_1", "login_hint": "ada@acme.example",
                "relay_state": "/deep", "payload": idp().claims,
            }),
        ),
        Case::good("idp_initiated", "meant for this client", sign(idp().claim("aud", CLIENT)), json!({})),
    ]
}

impl Case {
    fn signed_again(mut self, token: String) -> Case {
        self.token = token;
        self
    }
}
