//! Strict percent-decoding.

/// Decodes `%XX`. Returns `None` if an escape is invalid or the result is not UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => out.push(hex_digit(rest.next()?)? * 16 + hex_digit(rest.next()?)?),
            other => out.push(other),
        }
    }
    String::from_utf8(out).ok()
}

/// Decodes one name or value of a form or query, where `+` is a space.
pub(crate) fn decode_form(text: &str) -> Option<String> {
    decode(&text.replace('+', " "))
}

/// Splits `a=1&b=2` and decodes both sides.
pub(crate) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Some((decode_form(name)?, decode_form(value)?))
        })
        .collect()
}

/// Encodes one name or value of a query. Escapes all characters except the unreserved ones (RFC 3986, section 2.3).
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte.into()),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_rejects_invalid_escapes_and_utf8() {
        assert_eq!(decode("a%3Ab%2fc"), Some("a:b/c".into()));
        assert_eq!(decode("z%C3%BCrich"), Some("zürich".into()));
        assert_eq!(decode("a+b"), Some("a+b".into()));
        assert_eq!(decode_form("a+b%2B"), Some("a b+".into()));
        for bad in ["%", "%4", "%zz", "%+1", "%FF"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    #[test]
    fn encode_and_decode_form_round_trip() {
        let text = "a b+c&d=e/zürich~._-%";
        assert_eq!(encode(text), "a%20b%2Bc%26d%3De%2Fz%C3%BCrich~._-%25");
        assert_eq!(decode_form(&encode(text)).as_deref(), Some(text));
    }

    #[test]
    fn pairs_are_split_and_decoded() {
        let expected = vec![("a".to_owned(), "1 2".to_owned()), ("b".to_owned(), String::new())];
        assert_eq!(pairs("a=1+2&&b"), Some(expected));
    }
}
