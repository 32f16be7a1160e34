//! Tokens that are wrong on purpose, each in its own way.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::clock::Instant;
use crate::json::overlay;
use crate::keys::Keyring;

/// How a token is to differ from a right one. The empty one changes nothing.
///
/// The parts apply in the order in which they stand here, so that the later ones have the last word.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Forgery {
    wrong: Option<Wrong>,
    /// Laid over the claims.
    claims: Map<String, Value>,
    /// Claims to leave out.
    without: Vec<String>,
    /// Laid over the header.
    header: Map<String, Value>,
    /// Header fields to leave out.
    header_without: Vec<String>,
    /// In place of the claims, as text: for what is not JSON, or says a thing twice.
    payload: Option<String>,
    signature: Option<Signature>,
}

/// Who signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Signature {
    /// The key that signs at present.
    Active,
    /// A key that is in no key set.
    OtherKey,
    /// HMAC, with the text of the public key for a secret.
    Hmac,
    /// Nobody: the signature is empty.
    None,
    /// The right key, with one bit turned over.
    Broken,
}

/// One well-known way to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wrong {
    Expired,
    NotYetValid,
    IssuedInFuture,
    NoExpiry,
    ExpiryAsText,
    Issuer,
    Audience,
    AuthorizedParty,
    Nonce,
    AccessTokenHash,
    CodeHash,
    AlgorithmNone,
    AlgorithmHmac,
    Algorithm,
    UnknownKey,
    NoKeyId,
    OtherKey,
    Signature,
    Critical,
    EmbeddedKey,
    KeyUrl,
    CertificateUrl,
    TwoSubjects,
    TooLarge,
    Malformed,
}

const FAR_SECONDS: i64 = 3600;
const NOWHERE: &str = "https://elsewhere.example";
/// Well beyond any token that a server would take.
const LARGE: usize = 256 * 1024;

/// A token while it is being made.
struct Draft {
    header: Value,
    claims: Value,
    payload: Option<String>,
    signature: Signature,
    /// What is cut off in the end.
    parts: usize,
}

impl Forgery {
    pub(crate) fn sign(&self, claims: Value, keys: &Keyring, now: Instant) -> String {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": keys.active().kid});
        let mut draft = Draft { header, claims, payload: None, signature: Signature::Active, parts: 3 };
        if let Some(wrong) = self.wrong {
            wrong.apply(&mut draft, keys, now.unix_seconds());
        }
        overlay(&mut draft.claims, &Value::Object(self.claims.clone()));
        overlay(&mut draft.header, &Value::Object(self.header.clone()));
        remove(&mut draft.claims, &self.without);
        remove(&mut draft.header, &self.header_without);
        draft.payload = self.payload.clone().or(draft.payload);
        draft.signature = self.signature.unwrap_or(draft.signature);
        draft.finish(keys)
    }
}

fn remove(from: &mut Value, names: &[String]) {
    if let Value::Object(fields) = from {
        fields.retain(|name, _| !names.contains(name));
    }
}

impl Wrong {
    fn apply(self, draft: &mut Draft, keys: &Keyring, now: i64) {
        let times = |issued: i64, ends: i64| json!({"iat": issued, "nbf": issued, "exp": ends});
        let later = now + FAR_SECONDS;
        match self {
            Wrong::Expired => draft.claim(times(now - 2 * FAR_SECONDS, now - FAR_SECONDS)),
            Wrong::NotYetValid => draft.claim(json!({"nbf": later, "exp": later + FAR_SECONDS})),
            Wrong::IssuedInFuture => draft.claim(json!({"iat": later, "exp": later + FAR_SECONDS})),
            Wrong::NoExpiry => remove(&mut draft.claims, &["exp".into()]),
            Wrong::ExpiryAsText => draft.claim(json!({"exp": later.to_string()})),
            Wrong::Issuer => draft.claim(json!({"iss": NOWHERE})),
            Wrong::Audience => draft.claim(json!({"aud": ["somebody else"]})),
            Wrong::AuthorizedParty => draft.claim(json!({"azp": "somebody else"})),
            Wrong::Nonce => draft.claim(json!({"nonce": "another login's"})),
            Wrong::AccessTokenHash => {
                draft.claim(json!({"at_hash": super::claims::half_hash("another token")}))
            }
            Wrong::CodeHash => draft.claim(json!({"c_hash": super::claims::half_hash("another code")})),
            Wrong::AlgorithmNone => draft.head(json!({"alg": "none"}), Signature::None),
            Wrong::AlgorithmHmac => draft.head(json!({"alg": "HS256"}), Signature::Hmac),
            Wrong::Algorithm => draft.head(json!({"alg": "RS512"}), Signature::Active),
            Wrong::UnknownKey => draft.head(json!({"kid": "snk_0"}), Signature::OtherKey),
            Wrong::NoKeyId => remove(&mut draft.header, &["kid".into()]),
            Wrong::OtherKey => draft.signature = Signature::OtherKey,
            Wrong::Signature => draft.signature = Signature::Broken,
            Wrong::Critical => {
                draft.head(json!({"crit": ["x-strange"], "x-strange": true}), Signature::Active)
            }
            Wrong::EmbeddedKey => draft.head(json!({"jwk": keys.stranger("").jwk()}), Signature::OtherKey),
            Wrong::KeyUrl => draft.head(json!({"jku": format!("{NOWHERE}/keys")}), Signature::OtherKey),
            Wrong::CertificateUrl => {
                draft.head(json!({"x5u": format!("{NOWHERE}/cert")}), Signature::OtherKey)
            }
            Wrong::TwoSubjects => draft.payload = Some(twice(&draft.claims)),
            Wrong::TooLarge => draft.claim(json!({"filler": "x".repeat(LARGE)})),
            Wrong::Malformed => draft.parts = 2,
        }
    }
}

/// The same claims with a second `sub` at the end, which a careless reader takes for the first.
fn twice(claims: &Value) -> String {
    let text = claims.to_string();
    let open = text.strip_suffix('}').unwrap_or(&text);
    format!("{open},\"sub\":\"somebody else\"}}")
}

impl Draft {
    fn claim(&mut self, over: Value) {
        overlay(&mut self.claims, &over);
    }

    fn head(&mut self, over: Value, signature: Signature) {
        overlay(&mut self.header, &over);
        self.signature = signature;
    }

    fn finish(self, keys: &Keyring) -> String {
        let payload = self.payload.unwrap_or_else(|| self.claims.to_string());
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let signed = format!("{}.{}", encode(self.header.to_string().as_bytes()), encode(payload.as_bytes()));
        let message = signed.as_bytes();
        let signature = match self.signature {
            Signature::Active => keys.active().sign(message),
            Signature::OtherKey => keys.stranger(&keys.active().kid).sign(message),
            Signature::Hmac => keys.active().hmac_with_public_key(message),
            Signature::None => Vec::new(),
            Signature::Broken => {
                let mut signature = keys.active().sign(message);
                signature[0] ^= 1;
                signature
            }
        };
        let token = format!("{signed}.{}", encode(&signature));
        token.splitn(4, '.').take(self.parts).collect::<Vec<_>>().join(".")
    }
}
