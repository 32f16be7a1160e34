//! Tests of the conversion of each shape element, and that no input causes a panic.

use super::*;

/// Builds a stream: `bytes!(1i32, "text", 0u8)`.
macro_rules! bytes {
    ($($part:expr),*) => {{
        let mut all: Vec<u8> = Vec::new();
        $( all.extend($part.be()); )*
        all
    }};
}

trait Bytes {
    fn be(&self) -> Vec<u8>;
}

macro_rules! number {
    ($($Number:ty)*) => { $(
        impl Bytes for $Number {
            fn be(&self) -> Vec<u8> {
                self.to_be_bytes().to_vec()
            }
        }
    )* };
}

number!(u8 u32 u64 i32 i64 f64);

impl Bytes for &str {
    fn be(&self) -> Vec<u8> {
        let length = i32::try_from(self.len()).unwrap();
        [&length.to_be_bytes(), self.as_bytes()].concat()
    }
}

fn rows(shape: &str, stream: &[u8]) -> String {
    rows_of(shape.as_bytes(), stream).unwrap()
}

fn error(shape: &str, stream: &[u8]) -> String {
    let error = rows_of(shape.as_bytes(), stream).unwrap_err();
    assert!(matches!(error, ScalekitError::Internal { .. }));
    error.to_string()
}

#[test]
fn plain_values_become_json() {
    let stream = bytes!("a", 1u8, -7i32, i64::MAX, 0.1, "{\"k\": [null]}");
    assert_eq!(rows("(sbildj)", &stream), r#"["a",true,-7,9223372036854775807,0.1,{"k": [null]}]"#);
    assert_eq!(rows("()", &[]), "[]");
    for (number, json) in [(f64::NAN, "NaN"), (f64::INFINITY, "Infinity"), (f64::NEG_INFINITY, "-Infinity")] {
        assert_eq!(rows("d", &bytes!(number)), json);
    }
    assert_eq!(rows("(dd)", &bytes!(-0.0, 1e300)), "[-0.0,1e300]");
}

#[test]
fn text_is_escaped() {
    let text = "quote \" backslash \\ line \n bell \u{7} delete \u{7f} ü 😀, and more";
    let json = rows("s", &bytes!(text));
    assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    assert_eq!(rows("s", &bytes!("\u{1f}")), r#""\u001f""#);
    assert_eq!(rows("s", &bytes!("")), r#""""#);
}

#[test]
fn lists_maps_and_absent_values_become_json() {
    let stream = bytes!(2i32, "a", 0u8, "b", 1u8, 5i32);
    assert_eq!(rows("[(s?i)", &stream), r#"[["a",null],["b",5]]"#);
    assert_eq!(rows("([(s?i)s)", &bytes!(0i32, "z")), r#"[[],"z"]"#);
    assert_eq!(rows("({[ss)", &bytes!(1i32, "k", 2i32, "x", "y", "z")), r#"[{"k":["x","y"]},"z"]"#);
    assert_eq!(rows("(?(e12.[s(b))s)", &bytes!(0u8, "z")), r#"[null,"z"]"#);
}

#[test]
fn enum_values_become_numbers_or_text() {
    assert_eq!(rows("(e2.e2.c3.)", &bytes!(2i32, 3i32, "new", 3i32)), r#"[2,"new",3]"#);
    for (shape, number) in [("e2.", 0i32), ("e2.", 4), ("e2.", -1), ("c3.", 4), ("c3.", 0)] {
        assert!(error(shape, &bytes!(number)).contains("number of an unknown value"), "{shape} {number}");
    }
}

#[test]
fn timestamps_round_to_microseconds() {
    let time = |seconds: i64, nanoseconds: u32| rows("t", &bytes!(seconds, nanoseconds)).replace('"', "");
    assert_eq!(time(1_767_323_045, 0), "2026-01-02T03:04:05+00:00");
    assert_eq!(time(1, 2_000), "1970-01-01T00:00:01.000002+00:00");
    assert_eq!(time(-1, 2_000), "1969-12-31T23:59:58.999998+00:00");
    // Half a microsecond rounds to even.
    assert_eq!(time(0, 500), "1970-01-01T00:00:00+00:00");
    assert_eq!(time(0, 1_500), "1970-01-01T00:00:00.000002+00:00");
    assert_eq!(time(0, 2_501), "1970-01-01T00:00:00.000003+00:00");
    assert_eq!(time(253_402_300_799, 999_999_000), "9999-12-31T23:59:59.999999+00:00");
    assert_eq!(time(-62_135_596_800, 0), "0001-01-01T00:00:00+00:00");
    for seconds in [253_402_300_800, -62_135_596_801, i64::MAX, i64::MIN] {
        assert!(error("t", &bytes!(seconds, 0u32)).contains("outside the years 1 to 9999"), "{seconds}");
    }
}

#[test]
fn object_becomes_its_handle() {
    assert_eq!(rows("(?h[h)", &bytes!(1u8, u64::MAX, 2i32, 1u64, 0u64)), "[18446744073709551615,[1,0]]");
    assert!(error("h", &[0; 7]).contains("unexpected end of the stream"));
}

#[test]
fn variant_becomes_its_number_and_fields() {
    let shape = "u2.()7.(s[(b))9.(u3.(i););";
    assert_eq!(rows(shape, &bytes!(1i32)), "[1]");
    assert_eq!(rows(shape, &bytes!(2i32, "a", 2i32, 1u8, 0u8)), r#"[2,"a",[[true],[false]]]"#);
    assert_eq!(rows(shape, &bytes!(3i32, 1i32, 7i32)), "[3,[1,7]]");
    for number in [0i32, 4, 5, -1, i32::MIN, i32::MAX] {
        assert!(error(shape, &bytes!(number)).contains("number of an unknown value"), "{number}");
    }
}

#[test]
fn unions_are_skipped() {
    let shape = "([u3.(s)2.();?u2.();s)";
    assert_eq!(rows(shape, &bytes!(2i32, 2i32, 1i32, "a", 0u8, "z")), r#"[[[2],[1,"a"]],null,"z"]"#);
    assert_eq!(rows(shape, &bytes!(0i32, 1u8, 1i32, "z")), r#"[[],[1],"z"]"#);
}

#[test]
fn invalid_lengths_of_variants_are_rejected() {
    let first = bytes!(1i32, "a");
    assert_eq!(rows("u3.(s);", &first), r#"[1,"a"]"#);
    for shape in ["u2.(s);", "u4.(s);", "u3.(s)", "u3.(s", "u99999.(s);", "u(s);", "u1.s;", "u;"] {
        error(shape, &first);
        error(&format!("?{shape}s"), &bytes!(0u8));
    }
    assert!(error("u9.(s)2.();", &bytes!(2i32)).contains("unexpected end of the shape"));
}

#[test]
fn invalid_stream_is_internal_error() {
    let whole = bytes!("a", 1u8, 2i32, 1i32, "k", "v", 0u8);
    let shape = "(s?i{s?t)";
    rows(shape, &whole);
    for end in 0..whole.len() {
        assert!(error(shape, &whole[..end]).contains("unexpected end of the stream"), "{end}");
    }
    assert!(error(shape, &[&whole[..], &[0]].concat()).contains("more than one value"));
    assert!(error("s", &bytes!(-1i32)).contains("negative length"));
    assert!(error("[s", &bytes!(i32::MAX)).contains("unexpected end of the stream"));
    assert!(error("b", &[2]).contains("a flag is neither 0 nor 1"));
    assert!(error("s", &bytes!(1i32, 0xffu8)).contains("text is not UTF-8"));
    // Two texts must not form one character.
    assert!(error("(ss)", &bytes!(1i32, 0xc3u8, 1i32, 0xbcu8)).contains("text is not UTF-8"));
}

#[test]
fn invalid_shape_is_internal_error() {
    for shape in [
        "",
        "(",
        "(s",
        "x",
        "?",
        "[",
        "e",
        "e5",
        "ex.",
        "e99999999999.",
        "ss",
        "?(",
        "[(e",
        "<s",
        "u",
        "u1",
        "u1.(",
    ] {
        error(shape, &bytes!(0i32));
        error(shape, &[0]);
    }
}

#[test]
fn random_input_never_panics() {
    let letters = b"sbildtjhe3.c2.u2.();?[{()";
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..20_000 {
        let shape: Vec<u8> =
            (0..random.usize(0..12)).map(|_| letters[random.usize(0..letters.len())]).collect();
        let stream: Vec<u8> = (0..random.usize(0..40)).map(|_| random.u8(0..4)).collect();
        let _ = rows_of(&shape, &stream);
    }
}
