//! ID tokens, and tokens of identity providers, that must not be accepted.

use serde_json::json;

use super::{CLIENT, Case, FUTURE, PAST, Signers, access, id, idp, machine};
use crate::support::forge::Draft;

pub fn cases(signers: &Signers) -> Vec<Case> {
    let bad = |name, draft: Draft, code| Case::bad("id", name, draft.sign(&signers.ours), code);
    let start = |name, draft: Draft, code| Case::bad("idp_initiated", name, draft.sign(&signers.ours), code);
    let expecting = |case: Case, name: &str, value: &str| case.expecting(name, json!(value));
    let nonce = |name, draft: Draft| expecting(bad(name, draft, "wrong_nonce"), "nonce", "n-1");
    vec![
        nonce("another login's nonce", id().claim("nonce", "n-2")),
        nonce("a nonce that begins alike", id().claim("nonce", "n-11")),
        nonce("no nonce where one was sent", id()),
        nonce("an empty nonce", id().claim("nonce", "")),
        bad("a nonce where none was sent", id().claim("nonce", "n-1"), "wrong_nonce"),
        expecting(
            bad("a nonce that is a list", id().claim("nonce", json!(["n-1"])), "invalid_claim"),
            "nonce",
            "n-1",
        ),
        bad("meant for another client", id().claim("aud", "skc_9"), "wrong_audience"),
        bad(
            "meant for a client that begins alike",
            id().claim("aud", format!("{CLIENT}5")),
            "wrong_audience",
        ),
        bad(
            "meant for the client with a strange prefix",
            id().claim("aud", format!("dev_{CLIENT}")),
            "wrong_audience",
        ),
        bad("meant for nobody", id().without("aud"), "wrong_audience"),
        bad("issued to another client", id().claim("azp", "skc_9"), "wrong_authorized_party"),
        bad(
            "meant for several, issued to nobody",
            id().claim("aud", json!([CLIENT, "x"])).without("azp"),
            "wrong_authorized_party",
        ),
        bad("issued to a number", id().claim("azp", 7), "invalid_claim"),
        expecting(
            bad(
                "the hash of another access token",
                id().claim("at_hash", "LDktKdoQak3Pk0cnXxCltA"),
                "wrong_access_token_hash",
            ),
            "access_token",
            "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
        ),
        expecting(
            bad("a hash that is a number", id().claim("at_hash", 7), "invalid_claim"),
            "access_token",
            "x",
        ),
        bad("about nobody", id().without("sub"), "missing_claim"),
        bad("from elsewhere", id().claim("iss", "https://evil.example"), "wrong_issuer"),
        bad("no issue", id().without("iat"), "missing_claim"),
        bad("no end", id().without("exp"), "missing_claim"),
        bad("over", id().claim("exp", PAST), "token_expired"),
        bad("issued tomorrow", id().claim("iat", FUTURE - 1), "issued_in_future"),
        bad("an access token by its type", id().header("typ", "at+jwt"), "wrong_token_type"),
        bad("an access token by its audience", access(), "wrong_audience"),
        bad(
            "an access token meant for the client",
            access().claim("aud", json!([CLIENT])),
            "wrong_token_type",
        ),
        bad("a machine's token meant for the client", machine().claim("aud", CLIENT), "wrong_token_type"),
        bad(
            "a logout token that does not state its type",
            id().claim("events", json!({"http://schemas.openid.net/event/backchannel-logout": {}})),
            "wrong_token_type",
        ),
        start("no connection", idp().without("connection_id"), "missing_claim"),
        start("no organization", idp().without("organization_id"), "missing_claim"),
        start("an organization that is a number", idp().claim("organization_id", 1), "invalid_claim"),
        start("meant for another client", idp().claim("aud", "skc_9"), "wrong_audience"),
        start("over", idp().claim("exp", PAST), "token_expired"),
        start("from elsewhere", idp().claim("iss", "https://idp.example"), "wrong_issuer"),
        start("an access token", access(), "wrong_audience"),
        Case::bad(
            "idp_initiated",
            "signed by the provider itself",
            idp().sign(&signers.theirs),
            "bad_signature",
        ),
    ]
}
