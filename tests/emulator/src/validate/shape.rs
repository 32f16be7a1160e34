//! Shapes of text that a length cannot describe.

/// A test for a text, and the words that explain it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) fits: fn(&str) -> bool,
    pub(crate) description: &'static str,
}

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
