//! Validation of redirect targets.

use reqwest::Url;

use crate::error::{Result, ScalekitError};
use crate::options::is_loopback;

/// Schemes that run code or read data in the program that opens them.
const FORBIDDEN_SCHEMES: [&str; 9] =
    ["about", "blob", "data", "file", "ftp", "javascript", "vbscript", "ws", "wss"];

/// Parses a redirect URI: absolute, without a fragment. `name` is the argument.
pub(crate) fn parse_redirect_uri(name: &str, text: &str) -> Result<Url> {
    let invalid = |rule: &str| ScalekitError::argument(name, rule);
    // A URI that the parser would silently repair is rejected: the service compares it character by character.
    if text.is_empty() || text.len() > 2048 || text.chars().any(|c| c.is_control() || c == ' ' || c == '\\') {
        return Err(invalid("must be an absolute URI, such as https://app.example.com/callback"));
    }
    let url = Url::parse(text)
        .map_err(|_| invalid("must be an absolute URI, such as https://app.example.com/callback"))?;
    if url.fragment().is_some() {
        return Err(invalid("must not have a fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("must not contain a user name or password"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(invalid("must start with https://; plain http is for a loopback address only")),
        scheme if FORBIDDEN_SCHEMES.contains(&scheme) => {
            Err(invalid("must start with https:// or a custom scheme of your app"))
        }
        _ => Ok(url),
    }
}

/// Returns the text if it is a path on your own site, to which a login can safely redirect; otherwise nothing.
///
/// Rejects anything that could lead a browser to another site: another host, a backslash, control characters, or an
/// encoded slash at the beginning.
#[cfg_attr(feature = "ffi", uniffi::export)]
#[must_use]
pub fn local_path(text: &str) -> Option<String> {
    let is_unsafe = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    let rest = text.strip_prefix('/')?;
    // A proxy or framework may decode the path once more.
    let rest = rest.to_ascii_lowercase();
    let leads_away = ["/", "%2f", "%5c", "%09", "%0a", "%0d"].iter().any(|prefix| rest.starts_with(prefix));
    if leads_away || text.chars().any(is_unsafe) || text.len() > 2048 {
        return None;
    }
    let base = Url::parse("https://site.invalid").ok()?;
    let joined = base.join(text).ok()?;
    (joined.origin() == base.origin() && !joined.path().starts_with("//")).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn redirect_uris_are_validated() {
        for good in [
            "https://app.example.com/callback",
            "https://app.example.com",
            "http://127.0.0.1:8000/callback",
            "http://localhost:3000/cb",
            "http://[::1]:1/cb",
            "com.example.app:/callback",
            "com.example.app://callback",
        ] {
            assert!(parse_redirect_uri("redirect_uri", good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/callback",
            "//evil.example",
            "app.example.com/callback",
            "http://app.example.com/callback",
            "http://127.0.0.1.example.com/",
            "https://app.example.com/#x",
            "https://user:pw@app.example.com/",
            "https://app.example.com/\nx",
            "https:\\\\app.example.com",
            "https://app.example.com/a b",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
        ] {
            let error = parse_redirect_uri("redirect_uri", bad).unwrap_err();
            assert!(error.to_string().starts_with("`redirect_uri` must"), "{bad}: {error}");
            assert!(!error.to_string().contains("pw"));
        }
    }

    #[test]
    fn local_path_accepts_only_paths_on_the_same_site() {
        for good in ["/", "/settings", "/a/b?c=d&e=https://x.example/#f", "/a//b", "/%20", "/..", "/a%2fb"] {
            assert_eq!(local_path(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "settings",
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "\t//evil.example",
            " /x",
            "/ /x",
            "/%2fevil.example",
            "/%5Cevil.example",
            "/%09/evil.example",
            "javascript:alert(1)",
            "/\r\nset-cookie:x",
            "/..//evil.example",
            "/.//evil.example",
            "?x",
            "#x",
        ] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn local_path_never_leads_to_another_host(text in r"/[a-z/\\%0-9.:@?#\t ]{0,12}") {
            if let Some(path) = local_path(&text) {
                let base = Url::parse("https://own.example/deep/page").unwrap();
                let decoded = path.replacen("%2f", "/", 1).replacen("%5c", "\\", 1);
                for text in [path, decoded] {
                    let target = base.join(&text).unwrap();
                    prop_assert_eq!(target.host_str(), Some("own.example"), "{}", text);
                }
            }
        }
    }
}
