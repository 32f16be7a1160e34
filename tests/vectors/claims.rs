//! Tokens that are signed, and say what must not be accepted.

use serde_json::{Value, json};

use super::{API, CLIENT, Case, ENVIRONMENT, FUTURE, PAST, Signers, access, id, idp, machine};
use crate::support::forge::Draft;

pub fn cases(signers: &Signers) -> Vec<Case> {
    let all = [times(signers), issuers(signers), audiences(signers), scopes(signers), kinds(signers)];
    all.into_iter().flatten().collect()
}

fn times(signers: &Signers) -> Vec<Case> {
    let bad = |name, draft: Draft, code| Case::bad("access", name, draft.sign(&signers.ours), code);
    let odd = |name, claim: &str, value: Value| bad(name, access().claim(claim, value), "invalid_claim");
    vec![
        bad("no end", access().without("exp"), "missing_claim"),
        bad("an end that is nothing", access().claim("exp", json!(null)), "missing_claim"),
        odd("an end with a fraction", "exp", json!(4_102_444_800.5)),
        odd("an end as a floating number", "exp", json!(4_102_444_800.0)),
        odd("an end as a text", "exp", json!("4102444800")),
        odd("an end as a date", "exp", json!("2100-01-01T00:00:00Z")),
        odd("an end before all time", "exp", json!(-1)),
        odd("an end after all time", "exp", json!(u64::MAX)),
        odd("an end beyond all numbers", "exp", json!(1e300)),
        odd("an end that is true", "exp", json!(true)),
        odd("an end that is a list", "exp", json!([FUTURE])),
        bad("expired", access().claim("exp", PAST + 300), "token_expired"),
        bad("expired in 1970", access().claim("exp", 0), "token_expired"),
        bad("not yet valid", access().claim("nbf", FUTURE - 1), "not_yet_valid"),
        odd("a start as a text", "nbf", json!("0")),
        odd("a start with a fraction", "nbf", json!(0.5)),
        bad("issued in the future", access().claim("iat", FUTURE - 1), "issued_in_future"),
        odd("an issue as a text", "iat", json!("1735689600")),
        odd("an issue before all time", "iat", json!(-5)),
    ]
}

fn issuers(signers: &Signers) -> Vec<Case> {
    let bad = |name, draft: Draft, code| Case::bad("access", name, draft.sign(&signers.ours), code);
    let from = |name, issuer: &str| bad(name, access().claim("iss", issuer), "wrong_issuer");
    let resource = format!("{ENVIRONMENT}/resources/res_1");
    vec![
        bad("no issuer", access().without("iss"), "missing_claim"),
        bad("an empty issuer", access().claim("iss", ""), "missing_claim"),
        bad("an issuer that is a list", access().claim("iss", json!([ENVIRONMENT])), "invalid_claim"),
        from("another environment", "https://other.scalekit.example"),
        from("the environment with a slash", "https://acme.scalekit.example/"),
        from("the environment without encryption", "http://acme.scalekit.example"),
        from("the environment in capitals", "https://ACME.scalekit.example"),
        from("a host that begins like the environment", "https://acme.scalekit.example.evil.example"),
        from("a path at the environment", "https://acme.scalekit.example/oauth"),
        from("a resource that is not allowed", &resource),
        from("another resource than the allowed", &resource).expecting("resource_ids", json!(["res_2"])),
        from("the environment, where another issuer is expected", ENVIRONMENT)
            .expecting("issuers", json!(["https://auth.acme.example"])),
        bad(
            "expired and from elsewhere",
            access().claim("iss", "https://evil.example").claim("exp", PAST),
            "wrong_issuer",
        ),
    ]
}

fn audiences(signers: &Signers) -> Vec<Case> {
    let bad = |name, draft: Draft, code| Case::bad("access", name, draft.sign(&signers.ours), code);
    let meant = |name, audience: Value| bad(name, access().claim("aud", audience), "wrong_audience");
    let odd = |name, audience: Value| bad(name, access().claim("aud", audience), "invalid_claim");
    vec![
        meant("meant for another API", json!("https://other.example")),
        meant("meant for several others", json!(["https://a.example", "https://b.example"])),
        meant("meant for nobody in a list", json!([])),
        meant("an audience that begins alike", json!(format!("{API}.evil.example"))),
        meant("an audience with a slash", json!(format!("{API}/"))),
        meant("an audience in capitals", json!(API.to_uppercase())),
        meant("an empty audience", json!("")),
        meant("the audiences in one text", json!(format!("{API} other"))),
        meant("a prefix before what is no client", json!(format!("prd_{API}"))),
        meant("the expected client with a strange prefix", json!(format!("dev_{CLIENT}")))
            .expecting("audience", json!([CLIENT])),
        bad("no audience", access().without("aud"), "wrong_audience"),
        bad("an audience that is nothing", access().claim("aud", json!(null)), "wrong_audience"),
        odd("an audience that is a number", json!(7)),
        odd("an audience that is an object", json!({API: true})),
        odd("the right audience beside a number", json!([API, 7])),
        odd("the right audience in a list in a list", json!([[API]])),
    ]
}

fn scopes(signers: &Signers) -> Vec<Case> {
    let lacks = |name, draft: Draft, scope: &str| {
        Case::bad("access", name, draft.sign(&signers.ours), "missing_scope")
            .expecting("required_scopes", json!([scope]))
    };
    vec![
        lacks("a scope that is not held", access(), "admin"),
        lacks("a scope of which a part is held", access(), "read"),
        lacks("a scope in other letters", access(), "READ:ALL"),
        lacks("two scopes in one", access(), "openid profile"),
        lacks("no scopes at all", access().without("scope"), "openid"),
        lacks("a scope that is held elsewhere", access().claim("scp", "admin"), "admin"),
        lacks("one scope of two", machine(), "openid"),
    ]
}

fn kinds(signers: &Signers) -> Vec<Case> {
    let bad = |kind, name, draft: Draft, code| Case::bad(kind, name, draft.sign(&signers.ours), code);
    vec![
        bad("access", "nobody", access().without("sub"), "missing_claim"),
        bad("access", "somebody without a name", access().claim("sub", ""), "missing_claim"),
        bad("access", "somebody who is a number", access().claim("sub", 7), "invalid_claim"),
        bad("access", "a logout token", access().header("typ", "logout+jwt"), "wrong_token_type"),
        bad("access", "a security event", access().header("typ", "secevent+jwt"), "wrong_token_type"),
        bad(
            "access",
            "a logout token that does not state its type",
            access().claim("events", json!({"http://schemas.openid.net/event/backchannel-logout": {}})),
            "wrong_token_type",
        ),
        bad(
            "access",
            "an ID token with a nonce",
            id().claim("nonce", "n-1").claim("aud", API),
            "wrong_token_type",
        ),
        bad(
            "access",
            "an ID token with a hash",
            id().claim("at_hash", "AA").claim("aud", API),
            "wrong_token_type",
        ),
        bad("access", "a start at an identity provider", idp().claim("aud", API), "missing_claim"),
        bad("machine", "a person at a door for machines", access(), "wrong_token_type"),
        bad(
            "machine",
            "a machine in somebody's session",
            machine().claim("sid", "ses_1"),
            "wrong_token_type",
        ),
        bad(
            "machine",
            "somebody of whom nothing says that it is a machine",
            machine().without("client_id").claim("sub", "ada@acme.example"),
            "wrong_token_type",
        ),
        bad("machine", "a machine without a name", machine().without("sub"), "missing_claim"),
        bad("machine", "a machine meant for another API", machine().claim("aud", "other"), "wrong_audience"),
        bad("machine", "a machine whose token is over", machine().claim("exp", PAST), "token_expired"),
    ]
}
