//! Tokens that nobody signed, or somebody else, or in another way.

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
    let signed = |algorithm: &str| with(algorithm).sign(&signers.ours);
    let jwk = signers.ours.jwk(KID).to_string();
    let secret = |name, secret: &[u8]| bad(name, with("HS256").sealed(|signed| hmac_with(secret, signed)));
    vec![
        bad("no algorithm and no signature", with("none").sealed(|_| Vec::new())),
        bad("no algorithm, in capitals", with("NONE").sealed(|_| Vec::new())),
        bad("no algorithm, in a mixture", with("nOnE").sealed(|_| Vec::new())),
        bad("no algorithm, and a good signature", signed("none")),
        secret("the public key as a secret, in DER", signers.ours.public_der()),
        secret("the public key as a secret, as the key set has it", jwk.as_bytes()),
        secret("an empty secret", b""),
        bad("HS512", with("HS512").sealed(|signed| hmac_with(signers.ours.public_der(), signed))),
        bad("RS384", with("RS384").sealed(|signed| signers.ours.sign_with(&RSA_PKCS1_SHA384, signed))),
        bad("RS512", with("RS512").sealed(|signed| signers.ours.sign_with(&RSA_PKCS1_SHA512, signed))),
        bad("PS256", signed("PS256")),
        bad("ES256", signed("ES256")),
        bad("EdDSA", signed("EdDSA")),
        bad("RS256 in small letters", signed("rs256")),
        bad("an empty algorithm", signed("")),
        bad("an algorithm that is not a text", access().header("alg", json!(["RS256"])).sign(&signers.ours)),
        bad("an algorithm that is nothing", access().header("alg", json!(null)).sign(&signers.ours)),
        bad("an algorithm that is missing", access().header_without("alg").sign(&signers.ours)),
    ]
}

fn keys(signers: &Signers) -> Vec<Case> {
    let unknown = |name, draft: Draft| Case::bad("access", name, draft.sign(&signers.ours), "unknown_key");
    vec![
        Case::bad("access", "another key under the same id", access().sign(&signers.theirs), "bad_signature"),
        Case::bad(
            "access",
            "the second key under the id of the first",
            access().sign(&signers.second),
            "bad_signature",
        ),
        unknown("a key that is not published", access().header("kid", "snk_0")),
        unknown("no key id", access().header_without("kid")),
        unknown("an empty key id", access().header("kid", "")),
        unknown("a key id in other letters", access().header("kid", "SNK_1")),
        unknown("a key id that is a path", access().header("kid", "../../dev/null")),
        unknown("a key id that asks a database", access().header("kid", "x' OR '1'='1")),
        unknown("a key id without end", access().header("kid", "x".repeat(1000))),
        unknown("a key of another kind", access().header("kid", "ec")),
    ]
}

fn signatures(signers: &Signers) -> Vec<Case> {
    let bad = |name, token: String| Case::bad("access", name, token, "bad_signature");
    let token = access().sign(&signers.ours);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let turned = |at: usize| {
        access().sealed(|signed| {
            let mut signature = signers.ours.sign(signed);
            signature[at] ^= 1;
            signature
        })
    };
    let short = |length: usize| access().sealed(|signed| signers.ours.sign(signed)[..length].to_vec());
    let other = access().claim("sub", "usr_2");
    let header = encode(access().header("typ", "at+jwt").header.to_string());
    let payload = signed.split_once('.').unwrap().1;
    vec![
        bad("no signature", format!("{signed}.")),
        bad("a bit of the signature turned", turned(0)),
        bad("the last bit of the signature turned", turned(255)),
        bad("half a signature", short(128)),
        bad("a signature that lacks a byte", short(255)),
        bad(
            "a signature with a byte too many",
            access().sealed(|s| [signers.ours.sign(s), vec![0]].concat()),
        ),
        bad(
            "a signature with a zero in front",
            access().sealed(|s| [vec![0], signers.ours.sign(s)].concat()),
        ),
        bad("a signature of zeros", access().sealed(|_| vec![0; 256])),
        bad("a signature of ones", access().sealed(|_| vec![0xff; 256])),
        bad("the signature of another token", format!("{}.{signature}", other.signed())),
        bad("another header over the same signature", format!("{header}.{payload}.{signature}")),
        bad(
            "SHA-512 under the name of RS256",
            access().sealed(|s| signers.ours.sign_with(&RSA_PKCS1_SHA512, s)),
        ),
        bad("an HMAC under the name of RS256", access().sealed(|s| hmac_with(signers.ours.public_der(), s))),
        bad("the payload alone is signed", access().sealed(|_| signers.ours.sign(payload.as_bytes()))),
    ]
}

fn headers(signers: &Signers) -> Vec<Case> {
    let critical =
        |name, draft: Draft| Case::bad("access", name, draft.sign(&signers.ours), "critical_header");
    let brought =
        |name, draft: Draft| Case::bad("access", name, draft.sign(&signers.theirs), "untrusted_key_header");
    let theirs = signers.theirs.jwk(KID);
    vec![
        critical("a critical header", access().header("crit", json!(["exp"])).header("exp", 1)),
        critical("an empty list of critical headers", access().header("crit", json!([]))),
        critical(
            "a payload that is not encoded",
            access().header("crit", json!(["b64"])).header("b64", false),
        ),
        critical("the same without saying that it matters", access().header("b64", false)),
        critical("a compressed payload", access().header("zip", "DEF")),
        brought("a key brought along", access().header("jwk", theirs.clone())),
        brought("a key brought along, without an id", access().header("jwk", theirs).header_without("kid")),
        brought("the address of a key set", access().header("jku", "https://evil.example/keys")),
        brought(
            "the address of a key set at the environment",
            access().header("jku", "https://acme.scalekit.example/keys"),
        ),
        brought("the address of a certificate", access().header("x5u", "https://evil.example/cert")),
        brought("a certificate brought along", access().header("x5c", json!(["AAAA"]))),
        Case::bad(
            "access",
            "a key brought along, and a good signature",
            access().header("jwk", signers.ours.jwk(KID)).sign(&signers.ours),
            "untrusted_key_header",
        ),
    ]
}
