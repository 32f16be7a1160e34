//! Texts that are no token, or say things in a way that could be read in two.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE};

use super::{Case, Signers, access};
use crate::support::forge::{Draft, encode, sign};

pub fn cases(signers: &Signers) -> Vec<Case> {
    let malformed = |name, token: String| Case::bad("access", name, token, "malformed");
    let token = access().sign(&signers.ours);
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = [parts[0], parts[1], parts[2]];
    let header_text = access().header.to_string();
    let raw_header = |text: &str| sign(text, &access().claims.to_string(), &signers.ours);
    let raw_payload = |text: &str| sign(&header_text, text, &signers.ours);
    let open = access().claims.to_string().trim_end_matches('}').to_owned();
    let duplicate = |name, text: String| Case::bad("access", name, raw_payload(&text), "duplicate_claim");
    vec![
        malformed("empty", String::new()),
        malformed("one part", "opaque_token".into()),
        malformed("two parts", format!("{header}.{payload}")),
        malformed("four parts", format!("{token}.{signature}")),
        malformed("five parts, as an encrypted token has", format!("{header}.a.{payload}.b.{signature}")),
        malformed("only dots", "..".into()),
        malformed("with the word Bearer", format!("Bearer {token}")),
        malformed("line break at the end", format!("{token}\n")),
        malformed("space at the start", format!(" {token}")),
        malformed("header that is not base64", format!("{header}!.{payload}.{signature}")),
        malformed("signature that is not base64", format!("{header}.{payload}.{signature}~")),
        malformed("signature with padding", format!("{header}.{payload}.{signature}==")),
        malformed(
            "signature in the other alphabet",
            format!("{header}.{payload}.{}", other_alphabet(signers)),
        ),
        malformed("signature with bits to spare", format!("{header}.{payload}.{}", spare_bits(signature))),
        malformed("header with padding", padded(signers)),
        malformed("header that is not JSON", raw_header("alg=RS256")),
        malformed("header that is a list", raw_header(r#"[{"alg":"RS256","kid":"snk_1"}]"#)),
        malformed(
            "header that says its algorithm twice",
            raw_header(r#"{"alg":"none","alg":"RS256","kid":"snk_1"}"#),
        ),
        malformed("header that says its key twice", raw_header(r#"{"alg":"RS256","kid":"x","kid":"snk_1"}"#)),
        malformed("header with something behind", raw_header(&format!("{header_text}{{}}"))),
        malformed("payload that is not base64", payload_not_base64(signers)),
        malformed("payload that is not JSON", raw_payload("iss=me")),
        malformed("empty payload", raw_payload("")),
        malformed("payload that is a list", raw_payload(&format!("[{}]", access().claims))),
        malformed("payload that is a text", raw_payload("\"usr_1\"")),
        malformed("payload with something behind", raw_payload(&format!("{}x", access().claims))),
        malformed(
            "payload that is nested without end",
            raw_payload(&format!(r#"{{"x":{}{}}}"#, "[".repeat(5000), "]".repeat(5000))),
        ),
        malformed("type that is not a text", access().header("typ", 7).sign(&signers.ours)),
        malformed("key id that is not a text", access().header("kid", 7).sign(&signers.ours)),
        duplicate("subject twice", format!(r#"{open},"sub":"usr_2"}}"#)),
        duplicate("end twice", format!(r#"{open},"exp":4102444800}}"#)),
        duplicate("the same twice, written in another way", format!(r#"{open},"s\u0075b":"usr_2"}}"#)),
        duplicate("twice in the depth", format!(r#"{open},"x":[{{"a":1,"a":2}}]}}"#)),
        Case::bad("access", "too large", large(signers), "too_large"),
    ]
}

fn other_alphabet(signers: &Signers) -> String {
    // The first of such tokens whose signature looks different in the other alphabet.
    let signature = signers.ours.sign(access().signed().as_bytes());
    let text = STANDARD_NO_PAD.encode(signature);
    assert!(text.contains(['+', '/']));
    text
}

/// The last character of a signature of 256 bytes holds four bits that nobody needs.
fn spare_bits(signature: &str) -> String {
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
    format!("{signed}.{}", encode(signers.ours.sign(signed.as_bytes())))
}

fn payload_not_base64(signers: &Signers) -> String {
    let signed = format!("{}.e30*", encode(access().header.to_string()));
    format!("{signed}.{}", encode(signers.ours.sign(signed.as_bytes())))
}

fn large(signers: &Signers) -> String {
    let draft: Draft = access().claim("filler", "x".repeat(50_000));
    draft.sign(&signers.ours)
}
