//! Tokens: nothing is accepted that the environment did not sign, and nothing signed that breaks a rule.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{CLIENT_ID, ENVIRONMENT, public_wire};
use crate::auth::TokenExpectations;
use crate::auth::fuzz::{Checked, Checks, Login, at_hand};
use crate::cache::Provided;
use crate::jwt::{KeySet, Payload, Unverified, Verified, object};
use crate::wire::Wire;

pub(super) const VECTORS: &str = include_str!("../../../tests/fixtures/tokens.json");

const AUDIENCE: &str = "https://api.acme.example";
const NONCE: &str = "n-1";
const SCOPE: &str = "read:all";
const LEEWAY: i64 = 30;

/// An input is a token; or a header and a payload, with a line end between them, of a token that nobody signed.
pub fn tokens(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return claims(data, None) };
    whole(text);
    if let Some((header, payload)) = text.split_once('\n') {
        unsigned(header, payload);
        claims(payload.as_bytes(), token_type(header));
    }
}

struct World {
    wire: Arc<Wire>,
    /// Every token that the key of the vectors has signed, or that is none at all.
    known: HashSet<String>,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let file: Value = serde_json::from_str(VECTORS).expect("the vectors are JSON");
        let wire = public_wire();
        let keys = KeySet::read(file["keys"].to_string().as_bytes()).expect("the keys are good");
        wire.preloaded().add(Provided { keys: Arc::new(keys), at: wire.now(), exclusive: true });
        let cases = file["cases"].as_array().expect("there are cases");
        let known = cases.iter().filter_map(|case| case["token"].as_str()).map(str::to_owned).collect();
        World { wire, known }
    })
}

/// Whatever the text: its signature holds only if it is, letter for letter, one that was signed.
fn whole(token: &str) {
    let world = world();
    if let Ok(Some(_)) = at_hand(&world.wire, "fuzz", token) {
        assert!(world.known.contains(token), "accepted, and never signed: {token}");
    }
}

/// Whatever it says of itself.
fn unsigned(header: &str, payload: &str) {
    for signature in ["", "AA", &"A".repeat(342)] {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let token = format!("{}.{}.{signature}", part(header), part(payload));
        assert!(!matches!(at_hand(&world().wire, "fuzz", &token), Ok(Some(_))), "{header}");
        if let Ok(parsed) = Unverified::parse(&token) {
            let header: Map<String, Value> = serde_json::from_str(header).expect("the header is an object");
            assert_eq!(header["alg"], "RS256");
            assert_eq!(header["kid"], parsed.key_id());
            for never in ["crit", "b64", "zip", "jwk", "jku", "x5u", "x5c"] {
                assert!(!header.contains_key(never), "{never}");
            }
        }
    }
}

fn token_type(header: &str) -> Option<String> {
    let header: Value = serde_json::from_str(header).ok()?;
    Some(header.get("typ")?.as_str()?.to_ascii_lowercase())
}

/// Claims as if they were signed: what passes meets every rule, by a second opinion.
fn claims(payload: &[u8], token_type: Option<String>) {
    let Ok(said) = object(payload) else { return };
    assert_eq!(serde_json::from_slice::<Value>(payload).ok(), Some(Value::Object(said.clone())));
    let (world, checked) = (world(), Checked::defaults(&world().wire));
    let checks = Checks::new(&world.wire, &checked);
    let verified = || Payload::from(Verified { token_type: token_type.clone(), claims: said.clone() });
    let facts = Facts { said: &said, token_type: token_type.as_deref(), now: now() };

    let mut expected = TokenExpectations::for_audience(AUDIENCE);
    expected.required_scopes = vec![SCOPE.to_owned()];
    if let Ok(claims) = checks.access(verified(), &expected) {
        facts.hold_for_access();
        assert_eq!(claims.subject, said["sub"]);
        assert!(claims.has_scope(SCOPE) && claims.audience.iter().any(|one| one == AUDIENCE));
        assert_eq!(claims.payload.value(), &Value::Object(said.clone()));
    }
    if let Ok(claims) = checks.machine(verified(), &expected) {
        facts.hold_for_access();
        assert_eq!(claims.client_id, said["sub"]);
        assert!(facts.is_absent("sid"));
        let like_a_machine =
            ["m2m", "skc_", "prd_skc_"].iter().any(|start| claims.client_id.starts_with(start));
        assert!(
            said.get("client_id")
                .map_or(like_a_machine, |id| id.is_null() && like_a_machine || *id == said["sub"])
        );
    }
    if let Ok(claims) = checks.id(verified(), &Login { nonce: Some(NONCE), ..Login::default() }) {
        facts.hold_always();
        assert!(matches!(token_type.as_deref(), None | Some("jwt" | "application/jwt")));
        assert_eq!(claims.subject, said["sub"]);
        assert_eq!(said["nonce"], NONCE);
        assert!(facts.audience().iter().any(|one| is_us(one)));
        assert!(facts.audience().len() == 1 || said.get("azp").and_then(Value::as_str).is_some_and(is_us));
        assert!(said["iat"].is_i64());
    }
    if checks.id(verified(), &Login { alone: true, ..Login::default() }).is_ok() {
        facts.hold_always();
        assert!(facts.is_absent("nonce"));
        let access = !facts.is_absent("scope") || !facts.is_absent("scopes");
        assert!(!access || !facts.is_absent("at_hash") || !facts.is_absent("c_hash"));
    }
    if let Ok(claims) = checks.idp_initiated(verified()) {
        facts.hold_always();
        assert_eq!(claims.organization_id, said["organization_id"]);
        assert_eq!(claims.connection_id, said["connection_id"]);
        assert!(facts.audience().is_empty() || facts.audience().iter().any(|one| is_us(one)));
    }
}

fn is_us(named: &str) -> bool {
    named == CLIENT_ID || named == "prd_skc_1234"
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_secs()).expect("not that late")
}

struct Facts<'a> {
    said: &'a Map<String, Value>,
    token_type: Option<&'a str>,
    /// The time just before the checks.
    now: i64,
}

impl Facts<'_> {
    fn is_absent(&self, name: &str) -> bool {
        self.said.get(name).is_none_or(Value::is_null)
    }

    fn audience(&self) -> Vec<&str> {
        match self.said.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(list)) => list.iter().map(|one| one.as_str().expect("a text")).collect(),
            _ => vec![],
        }
    }

    #[track_caller]
    fn seconds(&self, name: &str) -> f64 {
        self.said[name].as_f64().expect("a NumericDate")
    }

    fn hold_always(&self) {
        let told = self.said.get("events").and_then(Value::as_object);
        assert!(!told.is_some_and(|events| events.keys().any(|name| name.starts_with("http"))));
        assert_eq!(self.said["iss"], ENVIRONMENT);
        assert!(self.seconds("exp") > (self.now - LEEWAY) as f64);
        for name in ["nbf", "iat"].into_iter().filter(|name| !self.is_absent(name)) {
            // The clock has advanced since.
            assert!(self.seconds(name) <= (now() + LEEWAY) as f64);
        }
    }

    fn hold_for_access(&self) {
        self.hold_always();
        assert!(self.said["sub"].as_str().is_some_and(|sub| !sub.is_empty()));
        assert!(self.audience().contains(&AUDIENCE));
        assert!(["nonce", "at_hash", "c_hash"].iter().all(|name| self.is_absent(name)));
        assert!(matches!(
            self.token_type,
            None | Some("jwt" | "application/jwt" | "at+jwt" | "application/at+jwt")
        ));
        let spelt = |name: &str| match self.said.get(name) {
            Some(Value::String(text)) => text.split([' ', '\t', '\n', '\r', '\u{c}']).any(|one| one == SCOPE),
            Some(Value::Array(list)) => list.iter().any(|one| one == SCOPE),
            _ => false,
        };
        assert!(spelt("scope") || spelt("scopes"));
    }
}
