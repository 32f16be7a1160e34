//! Shapes of text that a length cannot describe.

use crate::clock::Instant;

/// A test for a text, and the words that explain it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) fits: fn(&str) -> bool,
    pub(crate) description: &'static str,
}

/// A moment in RFC 3339.
pub(crate) const TIME: Shape = Shape {
    fits: |text| Instant::parse(text).is_some(),
    description: "must be a time in RFC 3339, such as 2026-01-02T03:04:05Z",
};

/// The name of a domain that can receive mail: two labels at least.
pub(crate) const DOMAIN: Shape = Shape {
    fits: |text| text.contains('.') && is_slug(&text.to_ascii_lowercase()),
    description: "must be the name of a domain, such as example.com",
};

/// An e-mail address, as far as its shape goes.
pub(crate) const EMAIL: Shape = Shape {
    fits: |text| {
        text.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty() && !text.contains(char::is_whitespace) && is_slug(&domain.to_ascii_lowercase())
        })
    },
    description: "must be an e-mail address",
};

/// An address that begins with `https://`.
pub(crate) const HTTPS: Shape =
    Shape { fits: |text| text.starts_with("https://"), description: "must begin with https://" };

/// An address that begins with `https://` or `http://`.
pub(crate) const WEB: Shape = Shape {
    fits: |text| text.starts_with("https://") || text.starts_with("http://"),
    description: "must begin with https:// or http://",
};

/// The name of a connection.
pub(crate) const CONNECTOR: Shape = Shape {
    fits: |text| text.chars().all(|c| c.is_ascii_alphanumeric() || "_: -".contains(c)),
    description: "must be letters, digits, spaces, underscores, colons and hyphens",
};

/// The name of an MCP configuration.
pub(crate) const CONFIG_NAME: Shape = Shape {
    fits: |text| text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c)),
    description: "must be lower-case letters, digits, underscores and hyphens",
};

/// How long a session token lives: `60s` to `86400s`, or nothing.
pub(crate) const SESSION_LENGTH: Shape =
    Shape { fits: is_session_length, description: "must be 60s to 86400s, in seconds" };

fn is_session_length(text: &str) -> bool {
    let seconds = text.strip_suffix('s').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    let seconds = seconds.and_then(|digits| digits.parse().ok());
    text.is_empty() || seconds.is_some_and(|seconds: u32| (60..=86_400).contains(&seconds))
}

/// Labels of lower-case letters, digits and inner hyphens, joined by dots.
pub(crate) const SLUG: Shape = Shape { fits: is_slug, description: SLUG_DESCRIPTION };

/// A slug, or nothing: an update clears it that way.
pub(crate) const SLUG_OR_EMPTY: Shape =
    Shape { fits: |text| text.is_empty() || is_slug(text), description: SLUG_DESCRIPTION };

/// The name of a role.
pub(crate) const ROLE_NAME: Shape = Shape {
    fits: |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
    description: "must be letters, digits and underscores",
};

/// The name of a permission.
pub(crate) const PERMISSION_NAME: Shape = Shape {
    fits: |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':'),
    description: "must be letters, digits, underscores and colons",
};

const SLUG_DESCRIPTION: &str =
    "must be labels of at most 63 lower-case letters, digits and inner hyphens, joined by dots";

const LABEL_MAX: usize = 63;

fn is_slug(text: &str) -> bool {
    text.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LABEL_MAX).contains(&label.len())
        && label.bytes().all(allowed)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses() {
        assert!((ROLE_NAME.fits)("Editor_1") && !(ROLE_NAME.fits)("editor:1") && !(ROLE_NAME.fits)("a-b"));
        assert!((PERMISSION_NAME.fits)("a:B_1") && !(PERMISSION_NAME.fits)("a.b"));
        for good in ["ada@acme.example", "a+b@x.y.z", "Ada@ACME.example"] {
            assert!((EMAIL.fits)(good), "{good}");
        }
        for bad in ["", "ada", "@acme.example", "ada@", "a@b@acme.example", "a b@acme.example"] {
            assert!(!(EMAIL.fits)(bad), "{bad}");
        }
    }

    #[test]
    fn slugs() {
        let longest = "a".repeat(63);
        for good in ["a", "a1", "acme", "acme.example", "a-b.c-d", "0", longest.as_str()] {
            assert!((SLUG.fits)(good), "{good}");
        }
        let too_long = "a".repeat(64);
        for bad in ["", "-a", "a-", "A", "a_b", "a..b", ".a", "a.", "a b", "ü", too_long.as_str()] {
            assert!(!(SLUG.fits)(bad), "{bad}");
        }
        assert!((SLUG_OR_EMPTY.fits)(""));
    }
}
