//! A JSON Web Key Set (RFC 7517), of which only what can check RS256 is kept.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::crypto;

/// The service publishes a handful of keys.
const MOST_KEYS: usize = 100;

/// A key id is made by the service and short; a longer one names nothing.
pub(crate) const LONGEST_KEY_ID: usize = 256;

/// What the signature check takes.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
const LONGEST_EXPONENT: usize = 4;

/// A public key that checks RS256.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Key {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl Key {
    pub(crate) fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        crypto::rs256(&self.modulus, &self.exponent, signed, signature)
    }

    /// `None` for what cannot, or must not, check RS256: other kinds of key, keys for encryption, weak keys.
    fn read(jwk: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let absent_or = |name: &str, wanted: &str| jwk.get(name).is_none_or(|value| value == wanted);
        let verifies = jwk.get("key_ops").is_none_or(|ops| {
            ops.as_array().is_some_and(|ops| ops.iter().any(|operation| operation == "verify"))
        });
        if text("kty") != Some("RSA") || !absent_or("use", "sig") || !absent_or("alg", "RS256") || !verifies {
            return None;
        }
        let (modulus, exponent) = (number(text("n")?)?, number(text("e")?)?);
        let bits = modulus.len() * 8 - modulus.first()?.leading_zeros() as usize;
        // With an exponent of 1 every text would be its own signature; no key has an even one.
        let odd = exponent.last().is_some_and(|byte| byte % 2 == 1) && exponent != [1];
        let usable = MODULUS_BITS.contains(&bits) && exponent.len() <= LONGEST_EXPONENT && odd;
        usable.then_some(Self { modulus, exponent })
    }
}

/// A number as a JWK writes it. Leading zeros mean nothing.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let first = bytes.iter().position(|byte| *byte != 0)?;
    Some(bytes[first..].to_vec())
}

/// The keys of an environment, by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KeySet {
    keys: HashMap<String, Arc<Key>>,
}

impl KeySet {
    /// A set that is longer than this is not read.
    pub(crate) const LONGEST: usize = 256 * 1024;

    /// Reads a set, and leaves out what it cannot use. The error reads on from "the key set".
    pub(crate) fn read(text: &[u8]) -> Result<Self, &'static str> {
        if text.len() > Self::LONGEST {
            return Err("is longer than 256 KiB");
        }
        let set: Value = serde_json::from_slice(text).map_err(|_| "is not JSON")?;
        let list = set.get("keys").and_then(Value::as_array).ok_or("has no list of keys")?;
        let mut keys = HashMap::new();
        for jwk in list.iter().take(MOST_KEYS).filter_map(Value::as_object) {
            let id = jwk.get("kid").and_then(Value::as_str);
            let id = id.filter(|id| !id.is_empty() && id.len() <= LONGEST_KEY_ID);
            if let (Some(id), Some(key)) = (id, Key::read(jwk)) {
                // Of two with one id the first counts: which one that is must not depend on chance.
                keys.entry(id.to_owned()).or_insert_with(|| Arc::new(key));
            }
        }
        if keys.is_empty() { Err("holds no key that can be used") } else { Ok(Self { keys }) }
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
        let mut jwk = good("odd");
        jwk[name] = value;
        jwk
    }

    fn without(name: &str) -> Value {
        let mut jwk = good("odd");
        jwk.as_object_mut().unwrap().remove(name);
        jwk
    }

    fn read(keys: Value) -> Result<KeySet, &'static str> {
        KeySet::read(json!({"keys": keys}).to_string().as_bytes())
    }

    #[test]
    fn odd_keys_are_left_out_and_the_others_stay() {
        let odd = [
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
        for jwk in &odd {
            assert_eq!(read(json!([jwk])), Err("holds no key that can be used"), "{jwk}");
        }
        let mut all = odd.to_vec();
        all.push(good("a"));
        let set = read(all.into()).unwrap();
        assert!(set.find("a").is_some() && set.keys.len() == 1);
    }

    #[test]
    fn optional_members_and_leading_zeros() {
        for name in ["use", "alg"] {
            assert!(read(json!([without(name)])).unwrap().find("odd").is_some(), "{name}");
        }
        assert!(read(json!([with("key_ops", json!(["verify"]))])).is_ok());
        assert!(read(json!([with("x5c", json!(["ignored"]))])).is_ok());
        let bytes = [vec![0], vec![0xff; 256]].concat();
        let padded = read(json!([with("n", json!(URL_SAFE_NO_PAD.encode(bytes)))])).unwrap();
        assert_eq!(padded, read(json!([good("odd")])).unwrap());
    }

    #[test]
    fn of_two_with_one_id_the_first_usable_counts() {
        let mut second = good("a");
        second["n"] = json!(modulus(3072));
        let mut first = good("a");
        first["kty"] = json!("EC");
        let set = read(json!([first, good("a"), second])).unwrap();
        assert_eq!(set, read(json!([good("a")])).unwrap());
    }

    #[test]
    fn sets_that_are_not_read() {
        for (text, why) in [
            ("", "is not JSON"),
            ("<html>", "is not JSON"),
            ("{}", "has no list of keys"),
            (r#"{"keys":{}}"#, "has no list of keys"),
            (r#"{"keys":[]}"#, "holds no key that can be used"),
        ] {
            assert_eq!(KeySet::read(text.as_bytes()), Err(why), "{text}");
        }
        let long = format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(KeySet::LONGEST));
        assert_eq!(KeySet::read(long.as_bytes()), Err("is longer than 256 KiB"));
        let many: Vec<_> = (0..200).map(|n| good(&format!("k{n}"))).collect();
        assert_eq!(read(many.into()).unwrap().keys.len(), MOST_KEYS);
    }
}
