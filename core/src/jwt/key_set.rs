//! JSON Web Key Sets (RFC 7517), reduced to the keys that can verify RS256.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::crypto;
use crate::types::parse_value;

/// Maximum number of keys that are read. The service publishes a handful.
const MAX_KEYS: usize = 100;

/// Key IDs of the service are short; a longer one names no key.
pub(crate) const LONGEST_KEY_ID: usize = 256;

/// Key sizes that the signature verification supports.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
const LONGEST_EXPONENT: usize = 4;

/// A public key that verifies RS256.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Key {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl Key {
    pub(crate) fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        crypto::rs256(&self.modulus, &self.exponent, signed, signature)
    }

    /// `None` if the key cannot or must not verify RS256: other key types, encryption keys, weak keys.
    fn read(jwk: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let absent_or = |name: &str, wanted: &str| jwk.get(name).is_none_or(|value| value == wanted);
        let verifies = jwk.get("key_ops").is_none_or(|ops| {
            ops.as_array().is_some_and(|ops| ops.iter().any(|operation| operation == "verify"))
        });
        if text("kty") != Some("RSA") || !absent_or("use", "sig") || !absent_or("alg", "RS256") || !verifies {
            return None;
        }
        let (modulus, exponent) = (integer(text("n")?)?, integer(text("e")?)?);
        let bits = modulus.len() * 8 - modulus.first()?.leading_zeros() as usize;
        // With an exponent of 1, every message would be its own signature. Valid exponents are odd.
        let is_odd = exponent.last().is_some_and(|byte| byte % 2 == 1) && exponent != [1];
        let usable = MODULUS_BITS.contains(&bits) && exponent.len() <= LONGEST_EXPONENT && is_odd;
        usable.then_some(Self { modulus, exponent })
    }
}

/// Decodes a base64url integer, without leading zeros.
fn integer(text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let first = bytes.iter().position(|byte| *byte != 0)?;
    Some(bytes[first..].to_vec())
}

/// The keys of an environment, by key ID.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KeySet {
    keys: HashMap<String, Arc<Key>>,
}

impl KeySet {
    /// Maximum length of a key set, in bytes.
    pub(crate) const LONGEST: usize = 256 * 1024;

    /// Reads a key set and ignores unusable keys. The error text follows a subject, such as "the response".
    pub(crate) fn read(text: &[u8]) -> Result<Self, &'static str> {
        if text.len() > Self::LONGEST {
            return Err("is longer than 256 KiB");
        }
        let set = parse_value(text).map_err(|_| "is not JSON")?;
        let list = set.get("keys").and_then(Value::as_array).ok_or("has no `keys` array")?;
        let mut keys = HashMap::new();
        for jwk in list.iter().take(MAX_KEYS).filter_map(Value::as_object) {
            let id = jwk.get("kid").and_then(Value::as_str);
            let id = id.filter(|id| !id.is_empty() && id.len() <= LONGEST_KEY_ID);
            if let (Some(id), Some(key)) = (id, Key::read(jwk)) {
                // If two keys have the same ID, the first one is used, so that the choice is deterministic.
                keys.entry(id.to_owned()).or_insert_with(|| Arc::new(key));
            }
        }
        if keys.is_empty() { Err("contains no usable RS256 key") } else { Ok(Self { keys }) }
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Key>> {
        self.keys.get(id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn modulus(bits: usize) -> String {
        let mut bytes = vec![0xff; bits.div_ceil(8)];
        bytes[0] = 0xff >> ((8 - bits % 8) % 8);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn good(kid: &str) -> Value {
        json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": modulus(2048), "e": "AQAB"})
    }

    fn with(name: &str, value: Value) -> Value {
        let mut jwk = good("k");
        jwk[name] = value;
        jwk
    }

    fn without(name: &str) -> Value {
        let mut jwk = good("k");
        jwk.as_object_mut().unwrap().remove(name);
        jwk
    }

    fn read(keys: Value) -> Result<KeySet, &'static str> {
        KeySet::read(json!({"keys": keys}).to_string().as_bytes())
    }

    #[test]
    fn unusable_keys_are_ignored() {
        let unusable = [
            json!(7),
            json!({}),
            with("kty", json!("EC")),
            with("kty", json!("oct")),
            with("use", json!("enc")),
            with("use", json!(null)),
            with("alg", json!("RS512")),
            with("alg", json!("HS256")),
            with("key_ops", json!(["sign"])),
            with("key_ops", json!("verify")),
            with("kid", json!("")),
            with("kid", json!(7)),
            with("kid", json!("x".repeat(300))),
            with("n", json!("not base64!")),
            with("n", json!("")),
            with("n", json!("AAAA")),
            with("n", json!(modulus(2047))),
            with("n", json!(modulus(8193))),
            with("e", json!("AQAA")),
            with("e", json!("AQ")),
            with("e", json!("AQAAAAE")),
            with("e", json!(65537)),
            without("kid"),
            without("n"),
            without("e"),
            without("kty"),
        ];
        for jwk in &unusable {
            assert_eq!(read(json!([jwk])), Err("contains no usable RS256 key"), "{jwk}");
        }
        let mut all = unusable.to_vec();
        all.push(good("a"));
        let set = read(all.into()).unwrap();
        assert!(set.find("a").is_some() && set.keys.len() == 1);
    }

    #[test]
    fn absent_optional_members_and_leading_zeros_are_accepted() {
        for name in ["use", "alg"] {
            assert!(read(json!([without(name)])).unwrap().find("k").is_some(), "{name}");
        }
        assert!(read(json!([with("key_ops", json!(["verify"]))])).is_ok());
        assert!(read(json!([with("x5c", json!(["ignored"]))])).is_ok());
        let bytes = [vec![0], vec![0xff; 256]].concat();
        let padded = read(json!([with("n", json!(URL_SAFE_NO_PAD.encode(bytes)))])).unwrap();
        assert_eq!(padded, read(json!([good("k")])).unwrap());
    }

    #[test]
    fn duplicate_key_id_resolves_to_the_first_usable_key() {
        let mut second = good("a");
        second["n"] = json!(modulus(3072));
        let mut first = good("a");
        first["kty"] = json!("EC");
        let set = read(json!([first, good("a"), second])).unwrap();
        assert_eq!(set, read(json!([good("a")])).unwrap());
    }

    #[test]
    fn invalid_key_sets_are_rejected_and_excess_keys_ignored() {
        for (text, error) in [
            ("", "is not JSON"),
            ("<html>", "is not JSON"),
            ("{}", "has no `keys` array"),
            (r#"{"keys":{}}"#, "has no `keys` array"),
            (r#"{"keys":[]}"#, "contains no usable RS256 key"),
        ] {
            assert_eq!(KeySet::read(text.as_bytes()), Err(error), "{text}");
        }
        let long = format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(KeySet::LONGEST));
        assert_eq!(KeySet::read(long.as_bytes()), Err("is longer than 256 KiB"));
        let many: Vec<_> = (0..200).map(|n| good(&format!("k{n}"))).collect();
        assert_eq!(read(many.into()).unwrap().keys.len(), MAX_KEYS);
    }
}
