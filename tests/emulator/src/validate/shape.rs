//! Text formats, in addition to length limits.

use crate::clock::Instant;

/// A predicate for text, and the description of a violation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) matches: fn(&str) -> bool,
    pub(crate) description: &'static str,
}

/// A timestamp in RFC 3339 format.
pub(crate) const TIME: Shape = Shape {
    matches: |text| Instant::parse(text).is_some(),
    description: "must be a time in RFC 3339, such as 2026-01-02T03:04:05Z",
};

/// A domain name that can receive email: at least two labels.
pub(crate) const DOMAIN: Shape = Shape {
    matches: |text| text.contains('.') && is_slug(&text.to_ascii_lowercase()),
    description: "must be the name of a domain, such as example.com",
};

/// An email address (syntax only).
pub(crate) const EMAIL: Shape = Shape {
    matches: |text| {
        text.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty() && !text.contains(char::is_whitespace) && is_slug(&domain.to_ascii_lowercase())
        })
    },
    description: "must be an email address",
};

/// A URL that starts with `https://`.
pub(crate) const HTTPS: Shape =
    Shape { matches: |text| text.starts_with("https://"), description: "must begin with https://" };

/// A URL that starts with `https://` or `http://`.
pub(crate) const WEB: Shape = Shape {
    matches: |text| text.starts_with("https://") || text.starts_with("http://"),
    description: "must begin with https:// or http://",
};

/// The name of a connection.
pub(crate) const CONNECTOR: Shape = Shape {
    matches: |text| text.chars().all(|c| c.is_ascii_alphanumeric() || "_: -".contains(c)),
    description: "must be letters, digits, spaces, underscores, colons and hyphens",
};

/// The name of an MCP configuration.
pub(crate) const CONFIG_NAME: Shape = Shape {
    matches: |text| text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c)),
    description: "must be lower-case letters, digits, underscores and hyphens",
};

/// The lifetime of a session token: `60s` to `86400s`, or empty.
pub(crate) const SESSION_LENGTH: Shape =
    Shape { matches: is_session_length, description: "must be 60s to 86400s, in seconds" };

fn is_session_length(text: &str) -> bool {
    let seconds = text.strip_suffix('s').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    let seconds = seconds.and_then(|digits| digits.parse().ok());
    text.is_empty() || seconds.is_some_and(|seconds: u32| (60..=86_400).contains(&seconds))
}

/// Labels of lower-case letters, digits and inner hyphens, joined by dots.
pub(crate) const SLUG: Shape = Shape { matches: is_slug, description: SLUG_DESCRIPTION };

/// A slug, or empty, with which an update clears it.
pub(crate) const SLUG_OR_EMPTY: Shape =
    Shape { matches: |text| text.is_empty() || is_slug(text), description: SLUG_DESCRIPTION };

/// The name of a role.
pub(crate) const ROLE_NAME: Shape = Shape {
    matches: |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
    description: "must be letters, digits and underscores",
};

/// The name of a permission.
pub(crate) const PERMISSION_NAME: Shape = Shape {
    matches: |text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':'),
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
    fn role_permission_and_email_formats_match() {
        assert!(
            (ROLE_NAME.matches)("Editor_1")
                && !(ROLE_NAME.matches)("editor:1")
                && !(ROLE_NAME.matches)("a-b")
        );
        assert!((PERMISSION_NAME.matches)("a:B_1") && !(PERMISSION_NAME.matches)("a.b"));
        for good in ["ada@acme.example", "a+b@x.y.z", "Ada@ACME.example"] {
            assert!((EMAIL.matches)(good), "{good}");
        }
        for bad in ["", "ada", "@acme.example", "ada@", "a@b@acme.example", "a b@acme.example"] {
            assert!(!(EMAIL.matches)(bad), "{bad}");
        }
    }

    #[test]
    fn slug_accepts_valid_labels_only() {
        let longest = "a".repeat(63);
        for good in ["a", "a1", "acme", "acme.example", "a-b.c-d", "0", longest.as_str()] {
            assert!((SLUG.matches)(good), "{good}");
        }
        let too_long = "a".repeat(64);
        for bad in ["", "-a", "a-", "A", "a_b", "a..b", ".a", "a.", "a b", "ü", too_long.as_str()] {
            assert!(!(SLUG.matches)(bad), "{bad}");
        }
        assert!((SLUG_OR_EMPTY.matches)(""));
    }
}
