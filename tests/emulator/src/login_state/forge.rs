//! Deliberately invalid tokens for tests.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::clock::Instant;
use crate::json::overlay;
use crate::keys::Keyring;
use crate::token::left_half_hash;

/// Changes to a valid token. The default changes nothing.
///
/// The fields apply in declaration order; later fields override earlier ones.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Forgery {
    wrong: Option<Defect>,
    /// Merged into the claims.
    claims: Map<String, Value>,
    /// Claims to remove.
    without: Vec<String>,
    /// Merged into the header.
    header: Map<String, Value>,
    /// Header fields to remove.
    header_without: Vec<String>,
    /// Payload text that replaces the claims, for invalid JSON or duplicate claims.
    payload: Option<String>,
    signature: Option<Signature>,
}

/// How the token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Signature {
    /// The active signing key.
    Active,
    /// A key outside the key set.
    OtherKey,
    /// HMAC with the text of the public key as the secret.
    Hmac,
    /// An empty signature.
    None,
    /// The active signing key, with one bit of the signature flipped.
    Broken,
}

/// A well-known defect of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Defect {
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
const OTHER_SITE: &str = "https://elsewhere.example";
/// Far larger than any token that a server accepts.
const OVERSIZE_BYTES: usize = 256 * 1024;

/// A token that is not signed yet.
struct UnsignedToken {
    header: Value,
    claims: Value,
    payload: Option<String>,
    signature: Signature,
    /// How many of the three parts the final token keeps.
    parts: usize,
}

impl Forgery {
    pub(crate) fn sign(&self, claims: Value, keys: &Keyring, now: Instant) -> String {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": keys.active().kid});
        let mut token =
            UnsignedToken { header, claims, payload: None, signature: Signature::Active, parts: 3 };
        if let Some(defect) = self.wrong {
            defect.apply(&mut token, keys, now.unix_seconds());
        }
        overlay(&mut token.claims, &Value::Object(self.claims.clone()));
        overlay(&mut token.header, &Value::Object(self.header.clone()));
        remove(&mut token.claims, &self.without);
        remove(&mut token.header, &self.header_without);
        token.payload = self.payload.clone().or(token.payload);
        token.signature = self.signature.unwrap_or(token.signature);
        token.sign(keys)
    }
}

fn remove(from: &mut Value, names: &[String]) {
    if let Value::Object(fields) = from {
        fields.retain(|name, _| !names.contains(name));
    }
}

impl Defect {
    fn apply(self, token: &mut UnsignedToken, keys: &Keyring, now: i64) {
        let validity = |from: i64, until: i64| json!({"iat": from, "nbf": from, "exp": until});
        let later = now + FAR_SECONDS;
        match self {
            Defect::Expired => token.set_claims(validity(now - 2 * FAR_SECONDS, now - FAR_SECONDS)),
            Defect::NotYetValid => token.set_claims(json!({"nbf": later, "exp": later + FAR_SECONDS})),
            Defect::IssuedInFuture => token.set_claims(json!({"iat": later, "exp": later + FAR_SECONDS})),
            Defect::NoExpiry => remove(&mut token.claims, &["exp".into()]),
            Defect::ExpiryAsText => token.set_claims(json!({"exp": later.to_string()})),
            Defect::Issuer => token.set_claims(json!({"iss": OTHER_SITE})),
            Defect::Audience => token.set_claims(json!({"aud": ["another client"]})),
            Defect::AuthorizedParty => token.set_claims(json!({"azp": "another client"})),
            Defect::Nonce => token.set_claims(json!({"nonce": "another login's"})),
            Defect::AccessTokenHash => token.set_claims(json!({"at_hash": left_half_hash("another token")})),
            Defect::CodeHash => token.set_claims(json!({"c_hash": left_half_hash("another code")})),
            Defect::AlgorithmNone => token.set_header(json!({"alg": "none"}), Signature::None),
            Defect::AlgorithmHmac => token.set_header(json!({"alg": "HS256"}), Signature::Hmac),
            Defect::Algorithm => token.set_header(json!({"alg": "RS512"}), Signature::Active),
            Defect::UnknownKey => token.set_header(json!({"kid": "snk_0"}), Signature::OtherKey),
            Defect::NoKeyId => remove(&mut token.header, &["kid".into()]),
            Defect::OtherKey => token.signature = Signature::OtherKey,
            Defect::Signature => token.signature = Signature::Broken,
            Defect::Critical => {
                token.set_header(json!({"crit": ["x-strange"], "x-strange": true}), Signature::Active)
            }
            Defect::EmbeddedKey => {
                token.set_header(json!({"jwk": keys.unpublished_key("").jwk()}), Signature::OtherKey)
            }
            Defect::KeyUrl => {
                token.set_header(json!({"jku": format!("{OTHER_SITE}/keys")}), Signature::OtherKey)
            }
            Defect::CertificateUrl => {
                token.set_header(json!({"x5u": format!("{OTHER_SITE}/cert")}), Signature::OtherKey)
            }
            Defect::TwoSubjects => token.payload = Some(with_second_subject(&token.claims)),
            Defect::TooLarge => token.set_claims(json!({"filler": "x".repeat(OVERSIZE_BYTES)})),
            Defect::Malformed => token.parts = 2,
        }
    }
}

/// Returns the claims with a second `sub` at the end. Lenient JSON parsers read the last one.
fn with_second_subject(claims: &Value) -> String {
    let text = claims.to_string();
    let open = text.strip_suffix('}').unwrap_or(&text);
    format!("{open},\"sub\":\"another subject\"}}")
}

impl UnsignedToken {
    fn set_claims(&mut self, changes: Value) {
        overlay(&mut self.claims, &changes);
    }

    fn set_header(&mut self, changes: Value, signature: Signature) {
        overlay(&mut self.header, &changes);
        self.signature = signature;
    }

    fn sign(self, keys: &Keyring) -> String {
        let payload = self.payload.unwrap_or_else(|| self.claims.to_string());
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let signed = format!("{}.{}", encode(self.header.to_string().as_bytes()), encode(payload.as_bytes()));
        let message = signed.as_bytes();
        let signature = match self.signature {
            Signature::Active => keys.active().sign(message),
            Signature::OtherKey => keys.unpublished_key(&keys.active().kid).sign(message),
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
