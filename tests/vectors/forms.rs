//! Malformed tokens, and tokens with duplicate names.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE};

use super::{Case, Signers, access};
use crate::support::forge::{Draft, encode, sign};

pub fn cases(signers: &Signers) -> Vec<Case> {
    let malformed = |name, token: String| Case::bad("access", name, token, "malformed");
    let token = access().sign(&signers.published);
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = [parts[0], parts[1], parts[2]];
    let header_text = access().header.to_string();
    let raw_header = |text: &str| sign(text, &access().claims.to_string(), &signers.published);
    let raw_payload = |text: &str| sign(&header_text, text, &signers.published);
    let unclosed_payload =
        access().claims.to_string().strip_suffix('}').expect("claims are an object").to_owned();
    let duplicate = |name, text: String| Case::bad("access", name, raw_payload(&text), "duplicate_claim");
    vec![
        malformed("empty token", String::new()),
        malformed("one part", "opaque_token".into()),
        malformed("two parts", format!("{header}.{payload}")),
        malformed("four parts", format!("{token}.{signature}")),
        malformed("five parts, as in a JWE", format!("{header}.a.{payload}.b.{signature}")),
        malformed("only dots", "..".into()),
        malformed("prefix Bearer", format!("Bearer {token}")),
        malformed("trailing line break", format!("{token}\n")),
        malformed("leading space", format!(" {token}")),
        malformed("header is not base64url", format!("{header}!.{payload}.{signature}")),
        malformed("signature is not base64url", format!("{header}.{payload}.{signature}~")),
        malformed("signature has padding", format!("{header}.{payload}.{signature}==")),
        malformed(
            "signature is in the standard base64 alphabet",
            format!("{header}.{payload}.{}", in_standard_alphabet(signers)),
        ),
        malformed(
            "signature has nonzero trailing bits",
            format!("{header}.{payload}.{}", set_unused_bit(signature)),
        ),
        malformed("header has padding", padded(signers)),
        malformed("header is not JSON", raw_header("alg=RS256")),
        malformed("header is a list", raw_header(r#"[{"alg":"RS256","kid":"snk_1"}]"#)),
        malformed("duplicate alg", raw_header(r#"{"alg":"none","alg":"RS256","kid":"snk_1"}"#)),
        malformed("duplicate kid", raw_header(r#"{"alg":"RS256","kid":"x","kid":"snk_1"}"#)),
        malformed("header has trailing data", raw_header(&format!("{header_text}{{}}"))),
        malformed("payload is not base64url", payload_not_base64(signers)),
        malformed("payload is not JSON", raw_payload("iss=me")),
        malformed("payload is empty", raw_payload("")),
        malformed("payload is a list", raw_payload(&format!("[{}]", access().claims))),
        malformed("payload is a string", raw_payload("\"usr_1\"")),
        malformed("payload has trailing data", raw_payload(&format!("{}x", access().claims))),
        malformed(
            "payload is nested 5000 levels deep",
            raw_payload(&format!(r#"{{"x":{}{}}}"#, "[".repeat(5000), "]".repeat(5000))),
        ),
        malformed("typ is a number", access().header("typ", 7).sign(&signers.published)),
        malformed("kid is a number", access().header("kid", 7).sign(&signers.published)),
        duplicate("duplicate sub", format!(r#"{unclosed_payload},"sub":"usr_2"}}"#)),
        duplicate("duplicate exp", format!(r#"{unclosed_payload},"exp":4102444800}}"#)),
        duplicate(
            "duplicate sub, one with an escaped name",
            format!(r#"{unclosed_payload},"s\u0075b":"usr_2"}}"#),
        ),
        duplicate("duplicate nested key", format!(r#"{unclosed_payload},"x":[{{"a":1,"a":2}}]}}"#)),
        Case::bad("access", "token is too large", large(signers), "too_large"),
    ]
}

fn in_standard_alphabet(signers: &Signers) -> String {
    // The signature of this token differs in the standard alphabet, as the assertion checks.
    let signature = signers.published.sign(access().signed().as_bytes());
    let text = STANDARD_NO_PAD.encode(signature);
    assert!(text.contains(['+', '/']));
    text
}

/// Sets an unused bit: the last character of a 256-byte signature has four unused bits.
fn set_unused_bit(signature: &str) -> String {
    let (rest, last) = signature.split_at(signature.len() - 1);
    let next = match last {
        "A" => "B",
        "Q" => "R",
        "g" => "h",
        _ => "x",
    };
    format!("{rest}{next}")
}

fn padded(signers: &Signers) -> String {
    let header = (0..3).map(|n| format!("{}{}", access().header, " ".repeat(n)));
    let header = header.map(|text| URL_SAFE.encode(text)).find(|text| text.ends_with('=')).unwrap();
    let signed = format!("{header}.{}", encode(access().claims.to_string()));
    format!("{signed}.{}", encode(signers.published.sign(signed.as_bytes())))
}

fn payload_not_base64(signers: &Signers) -> String {
    let signed = format!("{}.e30*", encode(access().header.to_string()));
    format!("{signed}.{}", encode(signers.published.sign(signed.as_bytes())))
}

fn large(signers: &Signers) -> String {
    let draft: Draft = access().claim("filler", "x".repeat(50_000));
    draft.sign(&signers.published)
}
