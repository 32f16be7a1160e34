//! Correctly signed tokens with claims that must be rejected.

use serde_json::{Value, json};

use super::{API, CLIENT, Case, ENVIRONMENT, FUTURE, PAST, Signers, access, id, idp, machine};
use crate::support::forge::Draft;

pub fn cases(signers: &Signers) -> Vec<Case> {
    let all = [times(signers), issuers(signers), audiences(signers), scopes(signers), kinds(signers)];
    all.into_iter().flatten().collect()
}

fn times(signers: &Signers) -> Vec<Case> {
    let bad = |name, draft: Draft, code| Case::bad("access", name, draft.sign(&signers.published), code);
    let invalid = |name, claim: &str, value: Value| bad(name, access().claim(claim, value), "invalid_claim");
    vec![
        bad("exp is absent", access().without("exp"), "missing_claim"),
        bad("exp is null", access().claim("exp", json!(null)), "missing_claim"),
        invalid("exp has a fraction", "exp", json!(4_102_444_800.5)),
        invalid("exp is an integral floating-point number", "exp", json!(4_102_444_800.0)),
        invalid("exp is a string", "exp", json!("4102444800")),
        invalid("exp is a date string", "exp", json!("2100-01-01T00:00:00Z")),
        invalid("exp is negative", "exp", json!(-1)),
        invalid("exp is the largest u64", "exp", json!(u64::MAX)),
        invalid("exp is 1e300", "exp", json!(1e300)),
        invalid("exp is a boolean", "exp", json!(true)),
        invalid("exp is a list", "exp", json!([FUTURE])),
        bad("expired", access().claim("exp", PAST + 300), "token_expired"),
        bad("exp is 0", access().claim("exp", 0), "token_expired"),
        bad("nbf is in the future", access().claim("nbf", FUTURE - 1), "not_yet_valid"),
        invalid("nbf is a string", "nbf", json!("0")),
        invalid("nbf has a fraction", "nbf", json!(0.5)),
        bad("iat is in the future", access().claim("iat", FUTURE - 1), "issued_in_future"),
        invalid("iat is a string", "iat", json!("1735689600")),
        invalid("iat is negative", "iat", json!(-5)),
    ]
}

fn issuers(signers: &Signers) -> Vec<Case> {
    let bad = |name, draft: Draft, code| Case::bad("access", name, draft.sign(&signers.published), code);
    let wrong_issuer = |name, issuer: &str| bad(name, access().claim("iss", issuer), "wrong_issuer");
    let resource = format!("{ENVIRONMENT}/resources/res_1");
    vec![
        bad("iss is absent", access().without("iss"), "missing_claim"),
        bad("iss is empty", access().claim("iss", ""), "missing_claim"),
        bad("iss is a list", access().claim("iss", json!([ENVIRONMENT])), "invalid_claim"),
        wrong_issuer("iss is another environment", "https://other.scalekit.example"),
        wrong_issuer("iss has a trailing slash", "https://acme.scalekit.example/"),
        wrong_issuer("iss has the scheme http", "http://acme.scalekit.example"),
        wrong_issuer("iss differs in case", "https://ACME.scalekit.example"),
        wrong_issuer(
            "iss host starts with the environment host",
            "https://acme.scalekit.example.evil.example",
        ),
        wrong_issuer("iss has a path", "https://acme.scalekit.example/oauth"),
        wrong_issuer("iss is a resource, none allowed", &resource),
        wrong_issuer("iss is another resource than the allowed one", &resource)
            .expecting("resource_ids", json!(["res_2"])),
        wrong_issuer("iss is the environment, another issuer expected", ENVIRONMENT)
            .expecting("issuers", json!(["https://auth.acme.example"])),
        bad(
            "expired and iss is another issuer",
            access().claim("iss", "https://evil.example").claim("exp", PAST),
            "wrong_issuer",
        ),
    ]
}

fn audiences(signers: &Signers) -> Vec<Case> {
    let bad = |name, draft: Draft, code| Case::bad("access", name, draft.sign(&signers.published), code);
    let wrong_audience = |name, audience: Value| bad(name, access().claim("aud", audience), "wrong_audience");
    let invalid = |name, audience: Value| bad(name, access().claim("aud", audience), "invalid_claim");
    vec![
        wrong_audience("aud is another API", json!("https://other.example")),
        wrong_audience("aud is a list of other APIs", json!(["https://a.example", "https://b.example"])),
        wrong_audience("aud is an empty list", json!([])),
        wrong_audience("aud starts with the expected audience", json!(format!("{API}.evil.example"))),
        wrong_audience("aud has a trailing slash", json!(format!("{API}/"))),
        wrong_audience("aud differs in case", json!(API.to_uppercase())),
        wrong_audience("aud is empty", json!("")),
        wrong_audience("aud is a space-separated string", json!(format!("{API} other"))),
        wrong_audience("aud is the expected API with prefix prd_", json!(format!("prd_{API}"))),
        wrong_audience("aud is the expected client with another prefix", json!(format!("dev_{CLIENT}")))
            .expecting("audience", json!([CLIENT])),
        bad("aud is absent", access().without("aud"), "wrong_audience"),
        bad("aud is null", access().claim("aud", json!(null)), "wrong_audience"),
        invalid("aud is a number", json!(7)),
        invalid("aud is an object", json!({API: true})),
        invalid("aud list contains a number", json!([API, 7])),
        invalid("aud is a nested list", json!([[API]])),
    ]
}

fn scopes(signers: &Signers) -> Vec<Case> {
    let missing_scope = |name, draft: Draft, scope: &str| {
        Case::bad("access", name, draft.sign(&signers.published), "missing_scope")
            .expecting("required_scopes", json!([scope]))
    };
    vec![
        missing_scope("required scope is missing", access(), "admin"),
        missing_scope("required scope is a prefix of a held scope", access(), "read"),
        missing_scope("required scope differs in case", access(), "READ:ALL"),
        missing_scope("required scope contains a space", access(), "openid profile"),
        missing_scope("scope is absent", access().without("scope"), "openid"),
        missing_scope("required scope is in scp only", access().claim("scp", "admin"), "admin"),
        missing_scope("required scope is missing from the scopes list", machine(), "openid"),
    ]
}

fn kinds(signers: &Signers) -> Vec<Case> {
    let bad = |kind, name, draft: Draft, code| Case::bad(kind, name, draft.sign(&signers.published), code);
    vec![
        bad("access", "sub is absent", access().without("sub"), "missing_claim"),
        bad("access", "sub is empty", access().claim("sub", ""), "missing_claim"),
        bad("access", "sub is a number", access().claim("sub", 7), "invalid_claim"),
        bad("access", "typ is logout+jwt", access().header("typ", "logout+jwt"), "wrong_token_type"),
        bad("access", "typ is secevent+jwt", access().header("typ", "secevent+jwt"), "wrong_token_type"),
        bad(
            "access",
            "logout event without the logout typ",
            access().claim("events", json!({"http://schemas.openid.net/event/backchannel-logout": {}})),
            "wrong_token_type",
        ),
        bad(
            "access",
            "ID token with a nonce",
            id().claim("nonce", "n-1").claim("aud", API),
            "wrong_token_type",
        ),
        bad(
            "access",
            "ID token with at_hash",
            id().claim("at_hash", "AA").claim("aud", API),
            "wrong_token_type",
        ),
        bad("access", "IdP-initiated login token", idp().claim("aud", API), "missing_claim"),
        bad("machine", "user access token", access(), "wrong_token_type"),
        bad("machine", "sid is present", machine().claim("sid", "ses_1"), "wrong_token_type"),
        bad(
            "machine",
            "client_id is absent, sub is no client",
            machine().without("client_id").claim("sub", "ada@acme.example"),
            "wrong_token_type",
        ),
        bad("machine", "sub is absent", machine().without("sub"), "missing_claim"),
        bad("machine", "aud is another API", machine().claim("aud", "other"), "wrong_audience"),
        bad("machine", "expired", machine().claim("exp", PAST), "token_expired"),
    ]
}
