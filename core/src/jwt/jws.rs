//! Parsing and verification of signed tokens (RFC 7515, compact serialization). Claims cannot be read before the
//! signature is verified.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::key_set::{Key, LONGEST_KEY_ID};
use super::rejection::{Reason, TokenResult, reject};
use super::strict::{ParseError, parse_object};

/// Far longer than any token that fits a header, and still cheap to parse.
const LONGEST_TOKEN: usize = 64 * 1024;

/// The only supported algorithm. It is a constant and never taken from a token or key.
const ALGORITHM: &str = "RS256";

/// Header parameters that embed or reference a key. They are never used, and no token of the service has one.
const KEY_HEADERS: [&str; 4] = ["jwk", "jku", "x5u", "x5c"];

/// A well-formed token that is not verified yet. It reveals only the ID of the key to verify it with.
#[derive(Debug)]
pub(crate) struct Unverified<'a> {
    key_id: String,
    token_type: Option<String>,
    signed: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// The type and claims of a token with a valid signature.
#[derive(Debug)]
pub(crate) struct Verified {
    pub token_type: Option<String>,
    pub claims: Map<String, Value>,
}

impl<'a> Unverified<'a> {
    pub(crate) fn parse(token: &'a str) -> TokenResult<Self> {
        if token.len() > LONGEST_TOKEN {
            return reject(Reason::TooLarge, "the token is longer than 64 KiB");
        }
        if token.is_empty() {
            return reject(Reason::Malformed, "the token is empty");
        }
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return malformed(token, "the token does not have three parts");
        };
        let signed = &token[..header.len() + 1 + payload.len()];
        let decode =
            |part: &str, explanation| URL_SAFE_NO_PAD.decode(part).or_else(|_| malformed(token, explanation));
        let header = decode(header, "the header of the token is not base64url")?;
        let payload = decode(payload, "the payload of the token is not base64url")?;
        let signature = decode(signature, "the signature of the token is not base64url")?;
        let (key_id, token_type) = read_header(&header)?;
        Ok(Self { key_id, token_type, signed, payload, signature })
    }

    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    pub(crate) fn verify(self, key: &Key) -> TokenResult<Verified> {
        if !key.verifies(self.signed.as_bytes(), &self.signature) {
            return reject(Reason::BadSignature, "the signature does not match the key that the token names");
        }
        let claims = match parse_object(&self.payload) {
            Ok(claims) => claims,
            Err(ParseError::Duplicate) => {
                return reject(Reason::DuplicateClaim, "the payload of the token has a duplicate name");
            }
            Err(ParseError::BigInteger) => {
                return reject(Reason::Malformed, "the payload of the token has an integer beyond 64 bits");
            }
            Err(ParseError::Malformed) => {
                return reject(Reason::Malformed, "the payload of the token is not a JSON object");
            }
        };
        Ok(Verified { token_type: self.token_type, claims })
    }
}

/// Rejects a malformed token. White space, usually a leftover `Bearer`, explains more than the error that it caused.
fn malformed<T>(token: &str, explanation: &'static str) -> TokenResult<T> {
    let has_space = token.contains(char::is_whitespace);
    let explanation =
        if has_space { "the token contains white space; pass it without `Bearer`" } else { explanation };
    reject(Reason::Malformed, explanation)
}

/// Returns the key ID and the token type.
fn read_header(header: &[u8]) -> TokenResult<(String, Option<String>)> {
    let header = match parse_object(header) {
        Ok(header) => header,
        Err(ParseError::Duplicate) => {
            return reject(Reason::Malformed, "the header of the token has a duplicate name");
        }
        Err(ParseError::BigInteger) => {
            return reject(Reason::Malformed, "the header of the token has an integer beyond 64 bits");
        }
        Err(ParseError::Malformed) => {
            return reject(Reason::Malformed, "the header of the token is not a JSON object");
        }
    };
    if header.get("alg").and_then(Value::as_str) != Some(ALGORITHM) {
        return reject(Reason::UnsupportedAlgorithm, "the token is not signed with RS256");
    }
    if header.contains_key("crit") || header.contains_key("b64") || header.contains_key("zip") {
        return reject(Reason::CriticalHeader, "the token requires an unsupported extension");
    }
    if KEY_HEADERS.iter().any(|name| header.contains_key(*name)) {
        return reject(Reason::UntrustedKeyHeader, "the header of the token embeds or references a key");
    }
    let token_type = match header.get("typ") {
        None => None,
        Some(Value::String(text)) => Some(text.to_ascii_lowercase()),
        Some(_) => return reject(Reason::Malformed, "the type of the token is not a string"),
    };
    match header.get("kid") {
        Some(Value::String(id)) if !id.is_empty() && id.len() <= LONGEST_KEY_ID => {
            Ok((id.clone(), token_type))
        }
        Some(Value::String(_)) | None => reject(Reason::UnknownKey, "the token has no valid key ID"),
        Some(_) => reject(Reason::Malformed, "the key ID of the token is not a string"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn arbitrary_text_does_not_panic(token in any::<String>()) {
            let _ = Unverified::parse(&token);
        }

        #[test]
        fn arbitrary_parts_do_not_panic(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 1..5)) {
            let parts: Vec<_> = parts.iter().map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
            let _ = Unverified::parse(&parts.join("."));
        }

        #[test]
        fn arbitrary_headers_do_not_panic(header in r#"\{("(alg|kid|typ|crit)":("RS256"|null|1|\[\]),?){0,4}\}"#) {
            let token = format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(header));
            let _ = Unverified::parse(&token);
        }
    }
}
