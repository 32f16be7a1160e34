//! Limits of arguments, checked before anything is sent.
//!
//! A rule is a function from a value to an error, whose text continues the field's name: `name` "must not be empty".

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Result, ScalekitError};
use crate::types::SecretText;

/// The longest timeout.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 3600);

/// A violated rule, and the path of the field within the checked value.
#[derive(Debug, PartialEq)]
pub(crate) struct Violation {
    field: String,
    why: String,
}

pub(crate) type Verdict = std::result::Result<(), Violation>;

impl<T: Into<String>> From<T> for Violation {
    fn from(why: T) -> Self {
        Self { field: String::new(), why: why.into() }
    }
}

impl From<Violation> for ScalekitError {
    fn from(violation: Violation) -> Self {
        Self::argument(&violation.field, violation.why)
    }
}

/// A value that can check its own limits. Each argument of each operation is checked before anything is sent.
pub(crate) trait Check {
    fn check(&self) -> Verdict {
        Ok(())
    }
}

// Path parameters are checked where they are encoded.
impl Check for &str {}
impl Check for String {}
impl Check for bool {}
impl Check for i64 {}

impl<T: Check> Check for Vec<T> {
    fn check(&self) -> Verdict {
        self.iter().try_for_each(Check::check)
    }
}

impl<T: Check> Check for Option<T> {
    fn check(&self) -> Verdict {
        self.iter().try_for_each(Check::check)
    }
}

/// Checks a field against a rule.
pub(crate) fn meets<T>(field: &str, value: &T, rule: impl Fn(&T) -> Verdict) -> Verdict {
    rule(value).map_err(|violation| {
        let inner = if violation.field.is_empty() { String::new() } else { format!(".{}", violation.field) };
        // The name of a field that is a keyword is a raw identifier.
        Violation { field: format!("{}{inner}", field.trim_start_matches("r#")), why: violation.why }
    })
}

/// The rule of records that have rules of their own.
pub(crate) fn inner<T: Check>(value: &T) -> Verdict {
    value.check()
}

/// A string that may be absent.
pub(crate) trait Text {
    fn text(&self) -> Option<&str>;
}

impl Text for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Text for Option<String> {
    fn text(&self) -> Option<&str> {
        self.as_deref()
    }
}

impl Text for Option<Arc<SecretText>> {
    fn text(&self) -> Option<&str> {
        self.as_ref().map(|secret| secret.expose())
    }
}

impl Text for &str {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

/// A list of strings that may be absent.
pub(crate) trait Texts {
    fn texts(&self) -> Option<&[String]>;
}

impl Texts for Vec<String> {
    fn texts(&self) -> Option<&[String]> {
        Some(self)
    }
}

impl Texts for Option<Vec<String>> {
    fn texts(&self) -> Option<&[String]> {
        self.as_deref()
    }
}

/// A list of strings of this length, each of which meets a rule.
pub(crate) fn each<T: Texts>(
    limits: RangeInclusive<usize>,
    rule: impl Fn(&String) -> Verdict,
) -> impl Fn(&T) -> Verdict {
    move |value| {
        let Some(texts) = value.texts() else { return Ok(()) };
        count(texts.len(), &limits, "elements")?;
        texts.iter().try_for_each(&rule)
    }
}

/// A name of 1 to 64 allowed characters, which `description` names in the error.
pub(crate) fn name<T: Text>(value: &T, allowed: impl Fn(u8) -> bool, description: &str) -> Verdict {
    let Some(text) = value.text() else { return Ok(()) };
    count(text.chars().count(), &(1..=64), "characters")?;
    text.bytes().all(allowed).then_some(()).ok_or_else(|| format!("may have only {description}").into())
}

/// A string that looks like an email address. The service checks more.
pub(crate) fn email<T: Text>(value: &T) -> Verdict {
    let Some(text) = value.text() else { return Ok(()) };
    let parts = text.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let good = parts.is_some() && !text.contains(char::is_whitespace);
    good.then_some(()).ok_or_else(|| "must be an email address".into())
}

/// A length in characters.
pub(crate) fn length<T: Text>(limits: RangeInclusive<usize>) -> impl Fn(&T) -> Verdict {
    move |value| value.text().map_or(Ok(()), |text| count(text.chars().count(), &limits, "characters"))
}

/// Not empty: the service ignores an empty string.
pub(crate) fn filled<T: Text>(value: &T) -> Verdict {
    if value.text() == Some("") { Err("must not be empty".into()) } else { Ok(()) }
}

/// A maximum number of entries.
pub(crate) fn at_most<T>(most: usize) -> impl Fn(&Option<Vec<T>>) -> Verdict {
    move |list| count(list.as_ref().map_or(0, Vec::len), &(0..=most), "entries")
}

/// An `https` URL with a maximum length in characters.
pub(crate) fn https<T: Text>(longest: usize) -> impl Fn(&T) -> Verdict {
    move |value| {
        let Some(text) = value.text() else { return Ok(()) };
        count(text.chars().count(), &(1..=longest), "characters")?;
        let host = reqwest::Url::parse(text).ok().filter(|url| url.scheme() == "https" && url.has_host());
        host.map(|_| ()).ok_or_else(|| "must be a URL that starts with https://".into())
    }
}

/// A DNS-like name: labels of lower-case letters, digits and hyphens, joined by dots.
pub(crate) fn slug<T: Text>(value: &T) -> Verdict {
    let Some(text) = value.text() else { return Ok(()) };
    count(text.chars().count(), &(1..=253), "characters")?;
    let good = |label: &str| {
        let inner = label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        (1..=63).contains(&label.len()) && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    let why = "must be lower-case letters, digits and inner hyphens, in labels of at most 63 characters joined by dots";
    text.split('.').all(good).then_some(()).ok_or_else(|| why.into())
}

/// A slug, or an empty string to clear it.
pub(crate) fn slug_or_empty<T: Text>(value: &T) -> Verdict {
    if value.text() == Some("") { Ok(()) } else { slug(value) }
}

/// Metadata: a maximum number of pairs, keys of 3 to 25 and values of 1 to 256 characters.
pub(crate) fn metadata(most: usize) -> impl Fn(&Option<HashMap<String, String>>) -> Verdict {
    pairs(most, 3..=25, 1..=256)
}

/// Key-value pairs: their maximum number, and the lengths of keys and values in characters.
pub(crate) fn pairs(
    most: usize,
    keys: RangeInclusive<usize>,
    values: RangeInclusive<usize>,
) -> impl Fn(&Option<HashMap<String, String>>) -> Verdict {
    move |value| {
        let Some(pairs) = value else { return Ok(()) };
        count(pairs.len(), &(0..=most), "pairs")?;
        for (key, value) in pairs {
            count(key.chars().count(), &keys, "characters in a key")?;
            count(value.chars().count(), &values, &format!("characters in the value of `{key}`"))?;
        }
        Ok(())
    }
}

/// A duration in seconds: greater than 0 and at most a day. Zero, negative numbers and NaN are rejected.
pub(crate) fn seconds(name: &str, value: f64) -> Result<Duration> {
    let positive = value > 0.0 && value <= LONGEST_TIMEOUT.as_secs_f64();
    let time = positive.then(|| Duration::from_secs_f64(value)).filter(|time| !time.is_zero());
    time.ok_or_else(|| {
        ScalekitError::argument(
            name,
            format_args!("must be greater than 0 and at most 86400 seconds; it is {value}"),
        )
    })
}

fn count(found: usize, limits: &RangeInclusive<usize>, unit: &str) -> Verdict {
    if limits.contains(&found) {
        return Ok(());
    }
    let (least, most) = (limits.start(), limits.end());
    Err(match least {
        0 => format!("may have at most {most} {unit}; it has {found}"),
        _ => format!("must have {least} to {most} {unit}; it has {found}"),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_out_of_range_are_rejected() {
        assert_eq!(seconds("t", 0.001).unwrap(), Duration::from_millis(1));
        assert_eq!(seconds("t", 86_400.0).unwrap(), LONGEST_TIMEOUT);
        for odd in [0.0, -0.0, -1.0, 1e-30, 86_401.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(
                seconds("t", odd).unwrap_err().to_string().starts_with("`t` must be greater than 0"),
                "{odd}"
            );
        }
    }

    #[test]
    fn nested_field_is_named_by_its_path() {
        struct Bad;
        impl Check for Bad {
            fn check(&self) -> Verdict {
                meets("r#type", &String::new(), length(1..=2))
            }
        }
        let violation = meets("settings", &Some(vec![Bad]), inner).unwrap_err();
        let text = ScalekitError::from(violation).to_string();
        assert_eq!(text, "`settings.type` must have 1 to 2 characters; it has 0");
    }

    #[test]
    fn slugs_are_checked() {
        for good in ["a", "acme", "a-b", "a.b-c.d1", &"a".repeat(63)] {
            assert_eq!(slug(&good.to_owned()), Ok(()), "{good}");
        }
        for bad in ["", "A", "-a", "a-", "a..b", ".a", "a_b", "ä", &"a".repeat(64), &"a.".repeat(127)] {
            assert!(slug(&bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_and_email_addresses_are_checked() {
        let good = |b: u8| b.is_ascii_alphanumeric();
        let check = |text: &str| name(&text, good, "letters").map_err(|violation| violation.why);
        assert_eq!(check("a1"), Ok(()));
        assert_eq!(check("a b"), Err("may have only letters".to_owned()));
        assert_eq!(check("ä"), Err("may have only letters".to_owned()));
        assert!(check("").is_err() && check(&"a".repeat(65)).is_err());
        for good in ["a@b", "a.b+c@example.com", "\"a@b\"@example.com", "jürgen@müller.example"] {
            assert_eq!(email(&good), Ok(()), "{good}");
        }
        for bad in ["", "a", "@", "a@", "@b", "a b@c", "a@b\n"] {
            assert!(email(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lists_of_strings_are_checked() {
        let list = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let check = each(1..=2, length(1..=3));
        assert_eq!(check(&list(&["a", "abc"])), Ok(()));
        assert_eq!(check(&list(&[])).unwrap_err().why, "must have 1 to 2 elements; it has 0");
        assert_eq!(check(&list(&["a", "abcd"])).unwrap_err().why, "must have 1 to 3 characters; it has 4");
        assert_eq!(each(1..=2, filled)(&None), Ok(()));
        assert_eq!(filled(&String::new()).unwrap_err().why, "must not be empty");
    }

    #[test]
    fn https_urls_are_checked() {
        let check = https::<String>(30);
        assert_eq!(check(&"https://a.example/x.png".into()), Ok(()));
        for bad in ["", "http://a.example", "https://", "a", "https://a.example/0123456789012345"] {
            assert!(check(&bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn metadata_error_names_key_and_limit() {
        let pairs = |key: &str, value: &str| Some(HashMap::from([(key.to_owned(), value.to_owned())]));
        let check = metadata(1);
        assert_eq!(check(&None), Ok(()));
        assert_eq!(check(&pairs("plan", "gold")), Ok(()));
        assert_eq!(
            check(&pairs("ab", "x")).unwrap_err().why,
            "must have 3 to 25 characters in a key; it has 2"
        );
        assert_eq!(
            check(&pairs("plan", "")).unwrap_err().why,
            "must have 1 to 256 characters in the value of `plan`; it has 0"
        );
        let two = HashMap::from([("aaa".to_owned(), "1".to_owned()), ("bbb".to_owned(), "2".to_owned())]);
        assert_eq!(check(&Some(two)).unwrap_err().why, "may have at most 1 pairs; it has 2");
    }
}
