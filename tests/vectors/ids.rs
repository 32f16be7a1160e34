//! ID tokens and IdP-initiated login tokens that must be rejected.

use serde_json::json;

use super::{CLIENT, Case, FUTURE, PAST, Signers, access, id, idp, machine};
use crate::support::forge::Draft;

pub fn cases(signers: &Signers) -> Vec<Case> {
    let bad = |name, draft: Draft, code| Case::bad("id", name, draft.sign(&signers.published), code);
    let idp_bad =
        |name, draft: Draft, code| Case::bad("idp_initiated", name, draft.sign(&signers.published), code);
    let expecting = |case: Case, name: &str, value: &str| case.expecting(name, json!(value));
    let nonce = |name, draft: Draft| expecting(bad(name, draft, "wrong_nonce"), "nonce", "n-1");
    vec![
        nonce("nonce of another login", id().claim("nonce", "n-2")),
        nonce("nonce starts with the expected nonce", id().claim("nonce", "n-11")),
        nonce("nonce is absent, one expected", id()),
        nonce("nonce is empty", id().claim("nonce", "")),
        bad("nonce is present, none expected", id().claim("nonce", "n-1"), "wrong_nonce"),
        expecting(
            bad("nonce is a list", id().claim("nonce", json!(["n-1"])), "invalid_claim"),
            "nonce",
            "n-1",
        ),
        bad("aud is another client", id().claim("aud", "skc_9"), "wrong_audience"),
        bad("aud starts with the client", id().claim("aud", format!("{CLIENT}5")), "wrong_audience"),
        bad(
            "aud is the client with another prefix",
            id().claim("aud", format!("dev_{CLIENT}")),
            "wrong_audience",
        ),
        bad("aud is absent", id().without("aud"), "wrong_audience"),
        bad("azp is another client", id().claim("azp", "skc_9"), "wrong_authorized_party"),
        bad(
            "aud is a list, azp is absent",
            id().claim("aud", json!([CLIENT, "x"])).without("azp"),
            "wrong_authorized_party",
        ),
        bad("azp is a number", id().claim("azp", 7), "invalid_claim"),
        expecting(
            bad(
                "at_hash of another access token",
                id().claim("at_hash", "LDktKdoQak3Pk0cnXxCltA"),
                "wrong_access_token_hash",
            ),
            "access_token",
            "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
        ),
        expecting(bad("at_hash is a number", id().claim("at_hash", 7), "invalid_claim"), "access_token", "x"),
        bad("sub is absent", id().without("sub"), "missing_claim"),
        bad("iss is another issuer", id().claim("iss", "https://evil.example"), "wrong_issuer"),
        bad("iat is absent", id().without("iat"), "missing_claim"),
        bad("exp is absent", id().without("exp"), "missing_claim"),
        bad("expired", id().claim("exp", PAST), "token_expired"),
        bad("iat is in the future", id().claim("iat", FUTURE - 1), "issued_in_future"),
        bad("typ is at+jwt", id().header("typ", "at+jwt"), "wrong_token_type"),
        bad("access token for an API", access(), "wrong_audience"),
        bad("access token for the client", access().claim("aud", json!([CLIENT])), "wrong_token_type"),
        bad("machine token for the client", machine().claim("aud", CLIENT), "wrong_token_type"),
        bad(
            "logout event without the logout typ",
            id().claim("events", json!({"http://schemas.openid.net/event/backchannel-logout": {}})),
            "wrong_token_type",
        ),
        idp_bad("connection_id is absent", idp().without("connection_id"), "missing_claim"),
        idp_bad("organization_id is absent", idp().without("organization_id"), "missing_claim"),
        idp_bad("organization_id is a number", idp().claim("organization_id", 1), "invalid_claim"),
        idp_bad("aud is another client", idp().claim("aud", "skc_9"), "wrong_audience"),
        idp_bad("expired", idp().claim("exp", PAST), "token_expired"),
        idp_bad("iss is another issuer", idp().claim("iss", "https://idp.example"), "wrong_issuer"),
        idp_bad("user access token", access(), "wrong_audience"),
        Case::bad(
            "idp_initiated",
            "signed by the identity provider",
            idp().sign(&signers.unpublished),
            "bad_signature",
        ),
    ]
}
