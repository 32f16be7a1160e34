//! The HTML pages.

use crate::login_state::Denial;
use crate::reply::Reply;

/// Forbids all content except inline styles. There is no `form-action`, because submitting the form redirects to the application's
/// callback.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/// Shows an error on a page, for requests that cannot be redirected to the application.
pub(crate) fn error(status: u16, denial: &Denial) -> Reply {
    let body = format!(
        "<p id=\"error\">{}</p><p id=\"error_description\">{}</p>",
        escape(&denial.error),
        escape(&denial.error_description)
    );
    page(status, "Request failed", &body)
}

/// Shows one sentence on a page.
pub(crate) fn message(status: u16, title: &str, text: &str) -> Reply {
    page(status, title, &format!("<p>{}</p>", escape(text)))
}

pub(super) fn page(status: u16, title: &str, body: &str) -> Reply {
    let text = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>body{{font:16px sans-serif;max-width:24em;margin:4em auto}}\
         label,button{{display:block;margin:1em 0}}</style></head>\
         <body><h1>{title}</h1>{body}<p>This is the Scalekit emulator.</p></body></html>"
    );
    Reply::raw(status, "text/html; charset=utf-8", text)
        .header("cache-control", "no-store")
        .header("content-security-policy", CONTENT_SECURITY_POLICY)
        .header("referrer-policy", "no-referrer")
}

pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
