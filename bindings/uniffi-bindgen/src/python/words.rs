//! The words of the core's documentation that mean nothing to Python users, and those that replace them.

use heck::ToShoutySnakeCase;

/// The classes nested in `ScalekitError`.
const ERRORS: &[&str] = &[
    "Unauthenticated",
    "PermissionDenied",
    "NotFound",
    "InvalidRequest",
    "Conflict",
    "RateLimited",
    "Service",
    "Tool",
    "InvalidToken",
    "TokenExpired",
    "MissingScope",
    "LoginFailed",
    "LoginRequired",
    "InvalidWebhook",
    "Connection",
    "Timeout",
    "Decode",
    "InvalidArgument",
    "BlockingInAsync",
    "Closed",
    "Internal",
];

/// Texts and their replacements, before names in backticks are replaced.
const TEXTS: &[(&str, &str)] = &[
    ("[`", "`"),
    ("`]", "`"),
    ("::", "."),
    ("`Unrecognized`", "unrecognized (`is_known` is false)"),
    ("`Get` is retried", "`HttpMethod.GET` is retried"),
    ("the prompt `Nothing`", "the prompt `LoginPrompt.NOTHING`"),
    ("is `Unknown`, with", "is `WebhookData.Unknown`, with"),
    ("or `null` if it is empty", "or `None` if it is empty"),
    ("or nothing after the last page", "or `None` after the last page"),
    ("can safely redirect; otherwise nothing.", "can safely redirect; otherwise `None`."),
    ("`include = \"all\"`", "`include=\"all\"`"),
    ("Each variant corresponds to one remedy.", "Each nested class corresponds to one remedy."),
    ("a status code that has no variant of its own", "a status code that has no class of its own"),
    ("one variant for each event type", "one nested class for each event type"),
    ("Each call is a future that can be cancelled.", "Each call is awaited, and can be cancelled."),
    ("is bound to no event loop or runtime", "is bound to no event loop"),
    (
        "A blocking call was made inside an asynchronous runtime, where it would hang.",
        "A blocking call was made on the thread of an event loop, by a client with `strict_async=True`.",
    ),
    (" Except in Rust, `SCALEKIT_LOG`", " `SCALEKIT_LOG`"),
    ("logs to standard error, as `log_to_stderr` does", "logs to standard error"),
    (
        "(Rust's `Debug` and `Display`, Python's `repr` and `str`, Kotlin's `toString`, Swift's `description`)",
        "(by `repr`, `str` and formatting)",
    ),
    ("valid JSON, which is possible in the other languages only", "valid JSON, such as NaN"),
    ("and, in Python, `REQUESTS_CA_BUNDLE`", "and `REQUESTS_CA_BUNDLE`"),
];

/// Whether a name is that of a class nested in `ScalekitError`.
pub fn is_error(name: &str) -> bool {
    ERRORS.contains(&name)
}

/// A paragraph on one line, in the words of Python.
pub fn in_python(text: &str) -> String {
    let text = TEXTS.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    let text = request_line(&text);
    let text = match text.strip_prefix("Claim: ") {
        Some(claim) => format!("Claim: `{claim}`."),
        None => text,
    };
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| if at % 2 == 1 { name(part) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("`")
}

/// Formats the request of a call: `Calls GET /keys, which` and, alone in a paragraph, `Calls GET /keys`.
fn request_line(text: &str) -> String {
    let Some(at) = text.find("Calls ").filter(|at| *at == 0 || text[..*at].ends_with(". ")) else {
        return text.to_owned();
    };
    let mut words = text[at..].splitn(4, ' ').skip(1);
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return text.to_owned() };
    if !path.starts_with('/') {
        return text.to_owned();
    }
    let bare = path.trim_end_matches([',', '.']);
    let end = match (&path[bare.len()..], words.next()) {
        (mark, Some(rest)) => format!("{mark} {rest}"),
        _ => ".".to_owned(),
    };
    format!("{}Calls `{method} {bare}`{end}", &text[..at])
}

/// A name in backticks as Python has it: a class of errors, or a value of an enumeration.
fn name(text: &str) -> String {
    if is_error(text) {
        return format!("ScalekitError.{text}");
    }
    let is_class = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase()) && part.chars().all(|c| c.is_ascii_alphanumeric())
    };
    match text.split_once('.') {
        Some(("ScalekitError" | "WebhookData", _)) => text.to_owned(),
        Some((class, value)) if is_class(class) && is_class(value) => {
            format!("{class}.{}", value.to_shouty_snake_case())
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_python() {
        let given =
            "Fails with `Timeout` or [`TrustedRoots::SystemStore`], not `WebhookData::Unknown` or `a.B`.";
        let expected = "Fails with `ScalekitError.Timeout` or `TrustedRoots.SYSTEM_STORE`, not \
                        `WebhookData.Unknown` or `a.B`.";
        assert_eq!(in_python(given), expected);
    }

    #[test]
    fn requests_are_code() {
        assert_eq!(in_python("Calls GET /a/{id}"), "Calls `GET /a/{id}`.");
        assert_eq!(in_python("Calls POST /t."), "Calls `POST /t`.");
        assert_eq!(
            in_python("Keys. Calls GET /keys, which is public."),
            "Keys. Calls `GET /keys`, which is public."
        );
        assert_eq!(in_python("Calls POST /t if needed."), "Calls `POST /t` if needed.");
        assert_eq!(in_python("Calls any path of the service."), "Calls any path of the service.");
    }
}
