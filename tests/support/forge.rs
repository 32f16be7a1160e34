//! Builds valid and invalid tokens, signed with the emulator's keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaEncoding, RsaKeyPair};
use serde_json::{Value, json};

const KEYS: [&[u8]; 3] = [
    include_bytes!("../emulator/keys/test-only-1.pk8.der"),
    include_bytes!("../emulator/keys/test-only-2.pk8.der"),
    include_bytes!("../emulator/keys/test-only-3.pk8.der"),
];

/// A private test key.
pub struct Key(RsaKeyPair);

impl Key {
    /// Loads one of the emulator's three keys.
    pub fn load(index: usize) -> Key {
        Key(RsaKeyPair::from_pkcs8(KEYS[index]).expect("the key is valid"))
    }

    /// Signs with the given scheme.
    pub fn sign_with(&self, scheme: &'static dyn RsaEncoding, signed: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0.sign(scheme, &SystemRandom::new(), signed, &mut signature).expect("signing succeeds");
        signature
    }

    /// Signs with RS256.
    pub fn sign(&self, signed: &[u8]) -> Vec<u8> {
        self.sign_with(&RSA_PKCS1_SHA256, signed)
    }

    /// The public key as a JWK with this key ID.
    pub fn jwk(&self, kid: &str) -> Value {
        let public = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(self.0.public());
        json!({"use": "sig", "kty": "RSA", "kid": kid, "alg": "RS256", "n": encode(&public.n), "e": encode(&public.e)})
    }

    /// The public key in DER.
    pub fn public_der(&self) -> &[u8] {
        self.0.public().as_ref()
    }
}

/// Encodes as base64url without padding.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A token before it is signed.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The header.
    pub header: Value,
    /// The payload.
    pub claims: Value,
}

impl Draft {
    /// Creates a draft with the usual header.
    pub fn new(kid: &str, claims: Value) -> Draft {
        Draft { header: json!({"alg": "RS256", "typ": "JWT", "kid": kid}), claims }
    }

    /// Sets a claim.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Draft {
        self.claims[name] = value.into();
        self
    }

    /// Removes a claim.
    pub fn without(mut self, name: &str) -> Draft {
        self.claims.as_object_mut().unwrap().remove(name).expect("the claim is present");
        self
    }

    /// Sets a header field.
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Draft {
        self.header[name] = value.into();
        self
    }

    /// Removes a header field.
    pub fn header_without(mut self, name: &str) -> Draft {
        self.header.as_object_mut().unwrap().remove(name).expect("the field is present");
        self
    }

    /// The signing input.
    pub fn signed(&self) -> String {
        signed(&self.header.to_string(), &self.claims.to_string())
    }

    /// Signs the token with RS256.
    pub fn sign(&self, key: &Key) -> String {
        sign(&self.header.to_string(), &self.claims.to_string(), key)
    }

    /// Builds the token with the signature that `signer` returns for the signing input.
    pub fn sign_by(&self, signer: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
        let signed = self.signed();
        let signature = encode(signer(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}

/// The signing input, from texts that need not be JSON.
pub fn signed(header: &str, payload: &str) -> String {
    format!("{}.{}", encode(header), encode(payload))
}

/// Signs a token of texts that need not be JSON.
pub fn sign(header: &str, payload: &str, key: &Key) -> String {
    let signed = signed(header, payload);
    let signature = encode(key.sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}
