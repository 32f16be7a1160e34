//! JSON as text: where strings end, and what `serde_json` does not keep of numbers.

/// Whether a number is beyond the range of a double, which serde_json reports in its message only.
pub(super) fn is_out_of_range(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("number out of range")
}

/// How many bytes come before the first that ends a string or is special in it: eight at a time.
#[inline(always)]
pub(crate) fn plain(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let found = specials(u64::from_le_bytes(*word));
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    words.len() * 8 + rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len())
}

/// Whether a byte ends a string or is special in it.
#[inline(always)]
pub(super) fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..0x20)
}

/// The special bytes of a little-endian word: zero if there are none. Otherwise the lowest bit that is set is the top bit of
/// the first of them; those above may be wrong.
#[inline(always)]
pub(super) fn specials(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x80 * ONES;
    let below = |word: u64, least: u64| word.wrapping_sub(least * ONES) & !word & TOPS;
    let quote = below(word ^ (u64::from(b'"') * ONES), 1);
    let escape = below(word ^ (u64::from(b'\\') * ONES), 1);
    quote | escape | below(word, 0x20)
}

/// Whether valid JSON text has an integer beyond 64 bits.
pub(crate) fn has_big_integer(text: &str) -> bool {
    // Most JSON has no 19 digits in a row and is not scanned further.
    let has_long_run =
        text.as_bytes().split(|byte| !byte.is_ascii_digit()).any(|digits| digits.len() >= MAX_DIGITS);
    has_long_run && outside_strings(text).any(is_big_integer)
}

/// Integers with fewer digits fit into 64 bits.
const MAX_DIGITS: usize = 19;

fn is_big_integer(token: &str) -> bool {
    let is_number = token.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let is_integer = is_number && !token.contains(['.', 'e', 'E']);
    is_integer && token.parse::<i64>().is_err() && token.parse::<u64>().is_err()
}

/// The numbers and literals of valid JSON text.
fn outside_strings(text: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| matches!(c, '{' | '}' | '[' | ']' | ':' | ',' | ' ' | '\n' | '\t' | '\r');
    parts(text).filter(|(_, is_string)| !is_string).flat_map(move |(part, _)| part.split(is_end))
}

/// Valid JSON text without white space between its values.
pub(super) fn compact(text: &str) -> String {
    let mut compact = String::with_capacity(text.len());
    for (part, is_string) in parts(text) {
        if is_string {
            compact.push_str(part);
        } else {
            compact.extend(part.chars().filter(|c| !c.is_ascii_whitespace()));
        }
    }
    compact
}

/// The strings of valid JSON text, with their quotes, and the parts between them.
fn parts(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let (mut rest, mut is_string) = (text, false);
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = if is_string { string_end(rest) } else { rest.find('"').unwrap_or(rest.len()) };
        let (part, behind) = rest.split_at(end);
        rest = behind;
        is_string = !is_string;
        Some((part, !is_string))
    })
}

/// The length of the string that starts the text.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_beyond_64_bits_are_found_outside_strings_only() {
        for (text, found) in [
            ("18446744073709551615", false),
            ("18446744073709551616", true),
            ("-9223372036854775808", false),
            ("-9223372036854775809", true),
            ("[0.18446744073709551616]", false),
            ("[18446744073709551616.5]", false),
            ("[18446744073709551616e1]", false),
            ("[1e18446744073709551616]", false),
            (r#"{"18446744073709551616":"18446744073709551616"}"#, false),
            (r#"{"a\\":18446744073709551616}"#, true),
            (r#"{"a\"":[18446744073709551616]}"#, true),
            (r#"["\"",{"a" : 18446744073709551616}]"#, true),
            (r#"["\",18446744073709551616,\""]"#, false),
            ("", false),
        ] {
            assert_eq!(has_big_integer(text), found, "{text}");
        }
    }

    #[test]
    fn white_space_is_removed_outside_strings_only() {
        let text = "\r\n{ \"a \\\" b\" :\t[ 1 , \" \" ] }\n";
        assert_eq!(compact(text), "{\"a \\\" b\":[1,\" \"]}");
        assert_eq!(compact("\"open \\"), "\"open \\");
    }
}
