//! Tokens without a signature, with another signer, or with another algorithm.

use ring::hmac;
use ring::signature::{RSA_PKCS1_SHA384, RSA_PKCS1_SHA512};
use serde_json::json;

use super::{Case, KID, Signers, access};
use crate::support::forge::{Draft, encode};

pub fn cases(signers: &Signers) -> Vec<Case> {
    [algorithms(signers), keys(signers), signatures(signers), headers(signers)]
        .into_iter()
        .flatten()
        .collect()
}

fn hmac_with(secret: &[u8], signed: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed).as_ref().to_vec()
}

fn algorithms(signers: &Signers) -> Vec<Case> {
    let bad = |name, token: String| Case::bad("access", name, token, "unsupported_algorithm");
    let with = |algorithm: &str| access().header("alg", algorithm);
    let signed = |algorithm: &str| with(algorithm).sign(&signers.published);
    let jwk = signers.published.jwk(KID).to_string();
    let with_secret =
        |name, secret: &[u8]| bad(name, with("HS256").sign_by(|signed| hmac_with(secret, signed)));
    vec![
        bad("alg is none, signature is empty", with("none").sign_by(|_| Vec::new())),
        bad("alg is NONE", with("NONE").sign_by(|_| Vec::new())),
        bad("alg is nOnE", with("nOnE").sign_by(|_| Vec::new())),
        bad("alg is none, signature is valid", signed("none")),
        with_secret("HS256 with the public key in DER as secret", signers.published.public_der()),
        with_secret("HS256 with the public JWK as secret", jwk.as_bytes()),
        with_secret("HS256 with an empty secret", b""),
        bad("HS512", with("HS512").sign_by(|signed| hmac_with(signers.published.public_der(), signed))),
        bad("RS384", with("RS384").sign_by(|signed| signers.published.sign_with(&RSA_PKCS1_SHA384, signed))),
        bad("RS512", with("RS512").sign_by(|signed| signers.published.sign_with(&RSA_PKCS1_SHA512, signed))),
        bad("PS256", signed("PS256")),
        bad("ES256", signed("ES256")),
        bad("EdDSA", signed("EdDSA")),
        bad("alg is rs256", signed("rs256")),
        bad("alg is empty", signed("")),
        bad("alg is a list", access().header("alg", json!(["RS256"])).sign(&signers.published)),
        bad("alg is null", access().header("alg", json!(null)).sign(&signers.published)),
        bad("alg is absent", access().header_without("alg").sign(&signers.published)),
    ]
}

fn keys(signers: &Signers) -> Vec<Case> {
    let unknown =
        |name, draft: Draft| Case::bad("access", name, draft.sign(&signers.published), "unknown_key");
    vec![
        Case::bad(
            "access",
            "signed with another key under the same kid",
            access().sign(&signers.unpublished),
            "bad_signature",
        ),
        Case::bad(
            "access",
            "signed with the second key under the kid of the first",
            access().sign(&signers.second),
            "bad_signature",
        ),
        unknown("kid is not published", access().header("kid", "snk_0")),
        unknown("kid is absent", access().header_without("kid")),
        unknown("kid is empty", access().header("kid", "")),
        unknown("kid differs in case", access().header("kid", "SNK_1")),
        unknown("kid is a path", access().header("kid", "../../dev/null")),
        unknown("kid is an SQL injection", access().header("kid", "x' OR '1'='1")),
        unknown("kid has 1000 characters", access().header("kid", "x".repeat(1000))),
        unknown("kid is that of an EC key", access().header("kid", "ec")),
    ]
}

fn signatures(signers: &Signers) -> Vec<Case> {
    let bad = |name, token: String| Case::bad("access", name, token, "bad_signature");
    let token = access().sign(&signers.published);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let with_flipped_bit = |at: usize| {
        access().sign_by(|signed| {
            let mut signature = signers.published.sign(signed);
            signature[at] ^= 1;
            signature
        })
    };
    let truncated =
        |length: usize| access().sign_by(|signed| signers.published.sign(signed)[..length].to_vec());
    let other = access().claim("sub", "usr_2");
    let header = encode(access().header("typ", "at+jwt").header.to_string());
    let payload = signed.split_once('.').unwrap().1;
    vec![
        bad("signature is empty", format!("{signed}.")),
        bad("a bit of the first signature byte is flipped", with_flipped_bit(0)),
        bad("the last bit of the signature is flipped", with_flipped_bit(255)),
        bad("signature has half the length", truncated(128)),
        bad("signature is one byte short", truncated(255)),
        bad(
            "signature has a trailing zero byte",
            access().sign_by(|s| [signers.published.sign(s), vec![0]].concat()),
        ),
        bad(
            "signature has a leading zero byte",
            access().sign_by(|s| [vec![0], signers.published.sign(s)].concat()),
        ),
        bad("signature is all zeros", access().sign_by(|_| vec![0; 256])),
        bad("signature is all ones", access().sign_by(|_| vec![0xff; 256])),
        bad("signature of another token", format!("{}.{signature}", other.signed())),
        bad("header is changed after signing", format!("{header}.{payload}.{signature}")),
        bad(
            "alg is RS256, signature is SHA-512",
            access().sign_by(|s| signers.published.sign_with(&RSA_PKCS1_SHA512, s)),
        ),
        bad(
            "alg is RS256, signature is an HMAC",
            access().sign_by(|s| hmac_with(signers.published.public_der(), s)),
        ),
        bad("only the payload is signed", access().sign_by(|_| signers.published.sign(payload.as_bytes()))),
    ]
}

fn headers(signers: &Signers) -> Vec<Case> {
    let critical =
        |name, draft: Draft| Case::bad("access", name, draft.sign(&signers.published), "critical_header");
    let embedded = |name, draft: Draft| {
        Case::bad("access", name, draft.sign(&signers.unpublished), "untrusted_key_header")
    };
    let unpublished = signers.unpublished.jwk(KID);
    vec![
        critical("crit names exp", access().header("crit", json!(["exp"])).header("exp", 1)),
        critical("crit is empty", access().header("crit", json!([]))),
        critical(
            "crit and b64 declare an unencoded payload",
            access().header("crit", json!(["b64"])).header("b64", false),
        ),
        critical("b64 without crit", access().header("b64", false)),
        critical("zip declares a compressed payload", access().header("zip", "DEF")),
        embedded("embedded jwk", access().header("jwk", unpublished.clone())),
        embedded("embedded jwk without kid", access().header("jwk", unpublished).header_without("kid")),
        embedded("jku at another host", access().header("jku", "https://evil.example/keys")),
        embedded("jku at the environment", access().header("jku", "https://acme.scalekit.example/keys")),
        embedded("x5u at another host", access().header("x5u", "https://evil.example/cert")),
        embedded("embedded x5c", access().header("x5c", json!(["AAAA"]))),
        Case::bad(
            "access",
            "embedded jwk with a valid signature",
            access().header("jwk", signers.published.jwk(KID)).sign(&signers.published),
            "untrusted_key_header",
        ),
    ]
}
