//! Where a person may be sent.

use reqwest::Url;

use crate::error::{Result, ScalekitError};
use crate::options::is_loopback;

/// Schemes that run something, or read something, where they are opened.
const NEVER: [&str; 9] = ["about", "blob", "data", "file", "ftp", "javascript", "vbscript", "ws", "wss"];

/// A URI that a person is sent back to: absolute, without a fragment.
pub(crate) fn redirect_uri(name: &str, text: &str) -> Result<Url> {
    let bad = |why: &str| ScalekitError::argument(name, why);
    // What a parser would quietly repair is refused: the service compares character for character.
    if text.is_empty() || text.len() > 2048 || text.chars().any(|c| c.is_control() || c == ' ' || c == '\\') {
        return Err(bad("must be an absolute URI, such as https://app.example.com/callback"));
    }
    let url = Url::parse(text)
        .map_err(|_| bad("must be an absolute URI, such as https://app.example.com/callback"))?;
    if url.fragment().is_some() {
        return Err(bad("must not have a fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("must not hold a user name or password"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(bad("must begin with https://; plain http is for a loopback address only")),
        scheme if NEVER.contains(&scheme) => {
            Err(bad("must begin with https:// or a scheme of your app's own"))
        }
        _ => Ok(url),
    }
}

/// The text itself, if it is a path on your own site: what a login may lead back to. Anything that could lead a browser
/// elsewhere gives nothing: another host, a backslash, control characters, an encoded slash in front.
#[cfg_attr(feature = "ffi", uniffi::export)]
#[must_use]
pub fn local_path(text: &str) -> Option<String> {
    let unsafe_at = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    let rest = text.strip_prefix('/')?;
    // Proxies and frameworks decode once more than expected.
    let rest = rest.to_ascii_lowercase();
    let leads_away = ["/", "%2f", "%5c", "%09", "%0a", "%0d"].iter().any(|start| rest.starts_with(start));
    if leads_away || text.chars().any(unsafe_at) || text.len() > 2048 {
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
    fn redirect_uris() {
        for good in [
            "https://app.example.com/callback",
            "https://app.example.com",
            "http://127.0.0.1:8000/callback",
            "http://localhost:3000/cb",
            "http://[::1]:1/cb",
            "com.example.app:/callback",
            "com.example.app://callback",
        ] {
            assert!(redirect_uri("redirect_uri", good).is_ok(), "{good}");
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
            let error = redirect_uri("redirect_uri", bad).unwrap_err();
            assert!(error.to_string().starts_with("`redirect_uri` must"), "{bad}: {error}");
            assert!(!error.to_string().contains("pw"));
        }
    }

    #[test]
    fn paths_on_the_own_site() {
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
        fn no_local_path_leads_away(text in r"/[a-z/\\%0-9.:@?#\t ]{0,12}") {
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
