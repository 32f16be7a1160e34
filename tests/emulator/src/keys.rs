//! The signing keys, and the JWKS that `/keys` serves.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Value, json};

use crate::verified_tokens::VerifiedTokens;

/// Test-only keys; `keys/README.md` explains why they are files.
const POOL: [&[u8]; 6] = [
    include_bytes!("../keys/test-only-1.pk8.der"),
    include_bytes!("../keys/test-only-2.pk8.der"),
    include_bytes!("../keys/test-only-3.pk8.der"),
    include_bytes!("../keys/test-only-4.pk8.der"),
    include_bytes!("../keys/test-only-5.pk8.der"),
    include_bytes!("../keys/test-only-6.pk8.der"),
];

/// A signing key and its ID.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "StoredKey", into = "StoredKey")]
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    /// Index of the pair in the pool.
    index: usize,
    pair: Arc<RsaKeyPair>,
}

/// A signing key in a state file.
#[derive(Serialize, Deserialize)]
struct StoredKey {
    kid: String,
    index: usize,
}

impl From<StoredKey> for SigningKey {
    fn from(stored: StoredKey) -> SigningKey {
        SigningKey::load(stored.index, stored.kid)
    }
}

impl From<SigningKey> for StoredKey {
    fn from(key: SigningKey) -> StoredKey {
        StoredKey { kid: key.kid, index: key.index }
    }
}

impl SigningKey {
    fn load(index: usize, kid: String) -> SigningKey {
        let pair = RsaKeyPair::from_pkcs8(POOL[index % POOL.len()]);
        let pair = pair.expect("the keys are compiled in, and a test loads each of them");
        SigningKey { kid, index, pair: Arc::new(pair) }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        let signed = self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.expect("the buffer has the length of the modulus");
        signature
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key());
        public.verify(message, signature).is_ok()
    }

    /// Signs with HMAC-SHA256, using the PEM text of the public key as the shared secret. For tokens of the algorithm
    /// confusion attack.
    pub(crate) fn hmac_with_public_key(&self, message: &[u8]) -> Vec<u8> {
        let text = STANDARD.encode(self.pair.public_key());
        let pem = format!("-----BEGIN RSA PUBLIC KEY-----\n{text}\n-----END RSA PUBLIC KEY-----\n");
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, pem.as_bytes()), message).as_ref().to_vec()
    }

    pub(crate) fn jwk(&self) -> Value {
        let public = rsa::PublicKeyComponents::<Vec<u8>>::from(self.pair.public());
        json!({
            "use": "sig",
            "kty": "RSA",
            "kid": self.kid,
            "alg": "RS256",
            "n": URL_SAFE_NO_PAD.encode(public.n),
            "e": URL_SAFE_NO_PAD.encode(public.e),
        })
    }
}

/// The keys that verify tokens; the last one is the active signing key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Keyring {
    keys: Vec<SigningKey>,
    loaded: usize,
    #[serde(skip)]
    pub(crate) verified_tokens: VerifiedTokens,
}

impl Keyring {
    pub(crate) fn new(kid: String) -> Keyring {
        Keyring {
            keys: vec![SigningKey::load(0, kid)],
            loaded: 1,
            verified_tokens: VerifiedTokens::default(),
        }
    }

    /// Whether there is an active key. A state file could have none.
    pub(crate) fn is_valid(&self) -> bool {
        !self.keys.is_empty()
    }

    pub(crate) fn active(&self) -> &SigningKey {
        self.keys.last().expect("a keyring is created with one key and never removes its last")
    }

    pub(crate) fn find(&self, kid: &str) -> Option<&SigningKey> {
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// Returns a key that is not part of the key set, with the given ID.
    pub(crate) fn unpublished_key(&self, kid: &str) -> SigningKey {
        SigningKey::load(self.loaded, kid.into())
    }

    /// Adds a new active signing key. The others still verify.
    pub(crate) fn rotate(&mut self, kid: String) {
        self.keys.push(SigningKey::load(self.loaded, kid));
        self.loaded += 1;
    }

    /// Removes every key except the active signing key.
    pub(crate) fn drop_old(&mut self) {
        self.keys.drain(..self.keys.len() - 1);
        self.verified_tokens.clear();
    }

    pub(crate) fn jwks(&self) -> Value {
        json!({"keys": self.keys.iter().map(SigningKey::jwk).collect::<Vec<_>>()})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pool_keys_load_and_are_distinct() {
        let mut moduli: Vec<_> =
            (0..POOL.len()).map(|index| SigningKey::load(index, "k".into()).jwk()["n"].to_string()).collect();
        moduli.sort();
        moduli.dedup();
        assert_eq!(moduli.len(), POOL.len());
    }

    #[test]
    fn signature_verifies_only_with_its_key_and_message() {
        let (one, two) = (SigningKey::load(0, "a".into()), SigningKey::load(1, "b".into()));
        let signature = one.sign(b"message");
        assert!(one.verifies(b"message", &signature));
        assert!(!one.verifies(b"another", &signature));
        assert!(!two.verifies(b"message", &signature));
    }
}
