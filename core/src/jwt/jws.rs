//! A signed token (RFC 7515, compact form), taken apart and verified. Nothing of what it says can be read before.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::key_set::{Key, LONGEST_KEY_ID};
use super::refusal::{Reason, Verdict, refuse};
use super::strict::{Unreadable, object};

/// Far above any token that fits a header, and below what would cost anything to look at.
const LONGEST_TOKEN: usize = 64 * 1024;

/// The one algorithm. It is pinned here, not taken from the token or from a key.
const ALGORITHM: &str = "RS256";

/// Ways to bring a key along. None is ever followed, and no token of the service has one.
const KEYS_BROUGHT_ALONG: [&str; 4] = ["jwk", "jku", "x5u", "x5c"];

/// A token that is well formed. It is not verified yet, so that all that can be asked of it is which key to verify it
/// with.
#[derive(Debug)]
pub(crate) struct Unverified<'a> {
    key_id: String,
    token_type: Option<String>,
    signed: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// What a verified token says.
#[derive(Debug)]
pub(crate) struct Verified {
    pub token_type: Option<String>,
    pub claims: Map<String, Value>,
}

impl<'a> Unverified<'a> {
    pub(crate) fn parse(token: &'a str) -> Verdict<Self> {
        if token.len() > LONGEST_TOKEN {
            return refuse(Reason::TooLarge, "the token is longer than 64 KiB");
        }
        if token.is_empty() {
            return refuse(Reason::Malformed, "the token is empty");
        }
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return malformed(token, "the token does not have three parts");
        };
        let signed = &token[..header.len() + 1 + payload.len()];
        let decode = |part: &str, why| URL_SAFE_NO_PAD.decode(part).or_else(|_| malformed(token, why));
        let header = decode(header, "the header of the token is not base64url")?;
        let payload = decode(payload, "the payload of the token is not base64url")?;
        let signature = decode(signature, "the signature of the token is not base64url")?;
        let (key_id, token_type) = read_header(&header)?;
        Ok(Self { key_id, token_type, signed, payload, signature })
    }

    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    pub(crate) fn verify(self, key: &Key) -> Verdict<Verified> {
        if !key.verifies(self.signed.as_bytes(), &self.signature) {
            return refuse(Reason::BadSignature, "the signature is not that of the key that the token names");
        }
        let claims = match object(&self.payload) {
            Ok(claims) => claims,
            Err(Unreadable::Duplicate) => {
                return refuse(Reason::DuplicateClaim, "the token says something twice");
            }
            Err(Unreadable::BigInteger) => {
                return refuse(Reason::Malformed, "the payload of the token holds an integer beyond 64 bits");
            }
            Err(Unreadable::Malformed) => {
                return refuse(Reason::Malformed, "the payload of the token is not a JSON object");
            }
        };
        Ok(Verified { token_type: self.token_type, claims })
    }
}

/// A space anywhere says more than what it led to.
fn malformed<T>(token: &str, why: &'static str) -> Verdict<T> {
    let spaced = token.contains(char::is_whitespace);
    let why = if spaced { "the token holds a space; pass it alone, without `Bearer`" } else { why };
    refuse(Reason::Malformed, why)
}

/// The key's id and the token's type.
fn read_header(header: &[u8]) -> Verdict<(String, Option<String>)> {
    let header = match object(header) {
        Ok(header) => header,
        Err(Unreadable::Duplicate) => {
            return refuse(Reason::Malformed, "the header of the token says something twice");
        }
        Err(Unreadable::BigInteger) => {
            return refuse(Reason::Malformed, "the header of the token holds an integer beyond 64 bits");
        }
        Err(Unreadable::Malformed) => {
            return refuse(Reason::Malformed, "the header of the token is not a JSON object");
        }
    };
    if header.get("alg").and_then(Value::as_str) != Some(ALGORITHM) {
        return refuse(Reason::UnsupportedAlgorithm, "the token is not signed with RS256");
    }
    if header.contains_key("crit") || header.contains_key("b64") || header.contains_key("zip") {
        return refuse(Reason::CriticalHeader, "the token asks for an extension that is not supported");
    }
    if KEYS_BROUGHT_ALONG.iter().any(|name| header.contains_key(*name)) {
        return refuse(Reason::UntrustedKeyHeader, "the token brings a key of its own along");
    }
    let token_type = match header.get("typ") {
        None => None,
        Some(Value::String(text)) => Some(text.to_ascii_lowercase()),
        Some(_) => return refuse(Reason::Malformed, "the type of the token is not a text"),
    };
    match header.get("kid") {
        Some(Value::String(id)) if !id.is_empty() && id.len() <= LONGEST_KEY_ID => {
            Ok((id.clone(), token_type))
        }
        Some(Value::String(_)) | None => refuse(Reason::UnknownKey, "the token does not name a key"),
        Some(_) => refuse(Reason::Malformed, "the key id of the token is not a text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_makes_it_panic(token in any::<String>()) {
            let _ = Unverified::parse(&token);
        }

        #[test]
        fn no_parts_make_it_panic(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 1..5)) {
            let parts: Vec<_> = parts.iter().map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
            let _ = Unverified::parse(&parts.join("."));
        }

        #[test]
        fn no_header_makes_it_panic(header in r#"\{("(alg|kid|typ|crit)":("RS256"|null|1|\[\]),?){0,4}\}"#) {
            let token = format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(header));
            let _ = Unverified::parse(&token);
        }
    }
}
