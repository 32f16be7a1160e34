//! Cryptography of logins and tokens. Each function is one call into ring.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use subtle::ConstantTimeEq as _;

use crate::error::{Result, ScalekitError};

/// Size of a random value: 256 bits, 43 characters in base64url.
const RANDOM_BYTES: usize = 32;

/// Returns an unguessable, URL-safe value.
pub(crate) fn random(operation: &str) -> Result<String> {
    let mut bytes = [0; RANDOM_BYTES];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| ScalekitError::internal(operation, "the system's random number generator failed"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

pub(crate) fn sha256(text: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    hash
}

/// The PKCE code challenge (RFC 7636) of a verifier, method `S256`.
pub(crate) fn code_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(verifier))
}

/// `at_hash` and `c_hash` of OpenID Connect: the left half of the SHA-256 hash.
pub(crate) fn half_hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&sha256(text)[..16])
}

/// Compares in a time that does not depend on the position of the first difference.
pub(crate) fn constant_time_eq(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

/// Verifies an RS256 signature: RSASSA-PKCS1-v1_5 with SHA-256, keys of 2048 to 8192 bits.
pub(crate) fn rs256(modulus: &[u8], exponent: &[u8], signed: &[u8], signature: &[u8]) -> bool {
    let key = RsaPublicKeyComponents { n: modulus, e: exponent };
    key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_challenge_matches_the_rfc_7636_vector() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(code_challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn half_hash_matches_the_openid_connect_vectors() {
        // The access token and `at_hash` of OpenID Connect Core, appendix A.
        assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(
            half_hash("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"),
            "LDktKdoQak3Pk0cnXxCltA"
        );
    }

    #[test]
    fn random_values_are_unique_and_url_safe() {
        let values: std::collections::HashSet<_> = (0..1000).map(|_| random("x").unwrap()).collect();
        assert_eq!(values.len(), 1000);
        assert!(values.iter().all(|value| value.len() == 43
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')));
    }

    #[test]
    fn constant_time_eq_is_true_only_for_equal_text() {
        assert!(constant_time_eq("abc", "abc") && constant_time_eq("", ""));
        assert!(
            !constant_time_eq("abc", "abd") && !constant_time_eq("abc", "ab") && !constant_time_eq("", "a")
        );
    }
}
