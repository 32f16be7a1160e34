//! Tokens: only tokens signed by the environment are accepted, and only if their claims pass all checks.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{CLIENT_ID, ENVIRONMENT, public_wire};
use crate::auth::TokenExpectations;
use crate::auth::fuzz::{Checks, CommonExpectations, IdTokenContext, payload_if_ready};
use crate::cache::Provided;
use crate::jwt::{KeySet, Payload, Unverified, Verified, parse_object};
use crate::wire::Wire;

pub(super) const VECTORS: &str = include_str!("../../../tests/fixtures/tokens.json");

const AUDIENCE: &str = "https://api.acme.example";
const NONCE: &str = "n-1";
const SCOPE: &str = "read:all";
const LEEWAY: i64 = 30;

/// The input is a token, or the header and payload of an unsigned token, separated by a newline.
pub fn tokens(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return claims(data, None) };
    complete_token(text);
    if let Some((header, payload)) = text.split_once('\n') {
        unsigned_token(header, payload);
        claims(payload.as_bytes(), token_type(header));
    }
}

struct Fixture {
    wire: Arc<Wire>,
    /// All tokens of the vectors: every token that their key has signed, and malformed ones.
    known: HashSet<String>,
}

fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let file: Value = serde_json::from_str(VECTORS).expect("the vectors are JSON");
        let wire = public_wire();
        let keys = KeySet::read(file["keys"].to_string().as_bytes()).expect("the keys are valid");
        wire.preloaded().add(Provided { keys: Arc::new(keys), at: wire.now(), exclusive: true });
        let cases = file["cases"].as_array().expect("there are cases");
        let known = cases.iter().filter_map(|case| case["token"].as_str()).map(str::to_owned).collect();
        Fixture { wire, known }
    })
}

/// Any text: the signature is valid only if the token equals, byte for byte, a signed one.
fn complete_token(token: &str) {
    let fixture = fixture();
    if let Ok(Some(_)) = payload_if_ready(&fixture.wire, "fuzz", token) {
        assert!(fixture.known.contains(token), "accepted without a valid signature: {token}");
    }
}

/// Any header and payload: a token without a valid signature is rejected.
fn unsigned_token(header: &str, payload: &str) {
    for signature in ["", "AA", &"A".repeat(342)] {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let token = format!("{}.{}.{signature}", part(header), part(payload));
        assert!(!matches!(payload_if_ready(&fixture().wire, "fuzz", &token), Ok(Some(_))), "{header}");
        if let Ok(parsed) = Unverified::parse(&token) {
            let header: Map<String, Value> = serde_json::from_str(header).expect("the header is an object");
            assert_eq!(header["alg"], "RS256");
            assert_eq!(header["kid"], parsed.key_id());
            for forbidden in ["crit", "b64", "zip", "jwk", "jku", "x5u", "x5c"] {
                assert!(!header.contains_key(forbidden), "{forbidden}");
            }
        }
    }
}

fn token_type(header: &str) -> Option<String> {
    let header: Value = serde_json::from_str(header).ok()?;
    Some(header.get("typ")?.as_str()?.to_ascii_lowercase())
}

/// Claims as if they were signed: those that are accepted also pass an independent implementation of the checks.
fn claims(payload: &[u8], token_type: Option<String>) {
    let Ok(raw) = parse_object(payload) else { return };
    assert_eq!(serde_json::from_slice::<Value>(payload).ok(), Some(Value::Object(raw.clone())));
    let (fixture, expectations) = (fixture(), CommonExpectations::defaults(&fixture().wire));
    let checks = Checks::new(&fixture.wire, &expectations);
    let verified = || Payload::from(Verified { token_type: token_type.clone(), claims: raw.clone() });
    let oracle = Oracle { raw: &raw, token_type: token_type.as_deref(), now: now() };

    let mut expected = TokenExpectations::for_audience(AUDIENCE);
    expected.required_scopes = vec![SCOPE.to_owned()];
    if let Ok(claims) = checks.access(verified(), &expected) {
        oracle.assert_access();
        assert_eq!(claims.subject, raw["sub"]);
        assert!(claims.has_scope(SCOPE) && claims.audience.iter().any(|one| one == AUDIENCE));
        assert_eq!(claims.payload.value(), &Value::Object(raw.clone()));
    }
    if let Ok(claims) = checks.machine(verified(), &expected) {
        oracle.assert_access();
        assert_eq!(claims.client_id, raw["sub"]);
        assert!(oracle.is_absent("sid"));
        let has_machine_prefix =
            ["m2m", "skc_", "prd_skc_"].iter().any(|prefix| claims.client_id.starts_with(prefix));
        assert!(
            raw.get("client_id")
                .map_or(has_machine_prefix, |id| id.is_null() && has_machine_prefix || *id == raw["sub"])
        );
    }
    if let Ok(claims) =
        checks.id(verified(), &IdTokenContext { nonce: Some(NONCE), ..IdTokenContext::default() })
    {
        oracle.assert_common();
        assert!(matches!(token_type.as_deref(), None | Some("jwt" | "application/jwt")));
        assert_eq!(claims.subject, raw["sub"]);
        assert_eq!(raw["nonce"], NONCE);
        assert!(oracle.audience().iter().any(|one| is_this_client(one)));
        assert!(
            oracle.audience().len() == 1
                || raw.get("azp").and_then(Value::as_str).is_some_and(is_this_client)
        );
        assert!(raw["iat"].is_number());
    }
    if checks.id(verified(), &IdTokenContext { standalone: true, ..IdTokenContext::default() }).is_ok() {
        oracle.assert_common();
        assert!(oracle.is_absent("nonce"));
        let is_access_token = !oracle.is_absent("scope") || !oracle.is_absent("scopes");
        assert!(!is_access_token || !oracle.is_absent("at_hash") || !oracle.is_absent("c_hash"));
    }
    if let Ok(claims) = checks.idp_initiated(verified()) {
        oracle.assert_common();
        assert_eq!(claims.organization_id, raw["organization_id"]);
        assert_eq!(claims.connection_id, raw["connection_id"]);
        assert!(oracle.audience().is_empty() || oracle.audience().iter().any(|one| is_this_client(one)));
    }
}

fn is_this_client(named: &str) -> bool {
    named == CLIENT_ID || named == "prd_skc_1234"
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_secs()).expect("in range")
}

/// An independent implementation of the checks.
struct Oracle<'a> {
    raw: &'a Map<String, Value>,
    token_type: Option<&'a str>,
    /// Time before the checks.
    now: i64,
}

impl Oracle<'_> {
    fn is_absent(&self, name: &str) -> bool {
        self.raw.get(name).is_none_or(Value::is_null)
    }

    fn audience(&self) -> Vec<&str> {
        match self.raw.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(list)) => list.iter().map(|one| one.as_str().expect("a string")).collect(),
            _ => vec![],
        }
    }

    #[track_caller]
    fn seconds(&self, name: &str) -> f64 {
        self.raw[name].as_f64().expect("a NumericDate")
    }

    fn assert_common(&self) {
        let events = self.raw.get("events").and_then(Value::as_object);
        assert!(!events.is_some_and(|events| events.keys().any(|name| name.starts_with("http"))));
        assert_eq!(self.raw["iss"], ENVIRONMENT);
        assert!(self.seconds("exp") > (self.now - LEEWAY) as f64);
        for name in ["nbf", "iat"].into_iter().filter(|name| !self.is_absent(name)) {
            // The clock has advanced since the checks.
            assert!(self.seconds(name) <= (now() + LEEWAY) as f64);
        }
    }

    fn assert_access(&self) {
        self.assert_common();
        assert!(self.raw["sub"].as_str().is_some_and(|sub| !sub.is_empty()));
        assert!(self.audience().contains(&AUDIENCE));
        assert!(["nonce", "at_hash", "c_hash"].iter().all(|name| self.is_absent(name)));
        assert!(matches!(
            self.token_type,
            None | Some("jwt" | "application/jwt" | "at+jwt" | "application/at+jwt")
        ));
        let has_scope = |name: &str| match self.raw.get(name) {
            Some(Value::String(text)) => text.split([' ', '\t', '\n', '\r', '\u{c}']).any(|one| one == SCOPE),
            Some(Value::Array(list)) => list.iter().any(|one| one == SCOPE),
            _ => false,
        };
        assert!(has_scope("scope") || has_scope("scopes"));
    }
}
