//! The page and its files, which are part of the binary.

use crate::reply::Reply;

const PAGE: &str = include_str!("page/index.html");

/// Allows only files of the emulator itself, and no inline script.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

const SCRIPT: &str = "text/javascript; charset=utf-8";

const FILES: &[(&str, &str, &str)] = &[
    ("console.css", "text/css; charset=utf-8", include_str!("page/console.css")),
    ("icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
    ("app.js", SCRIPT, include_str!("page/app.js")),
    ("api.js", SCRIPT, include_str!("page/api.js")),
    ("control.js", SCRIPT, include_str!("page/control.js")),
    ("curl.js", SCRIPT, include_str!("page/curl.js")),
    ("details.js", SCRIPT, include_str!("page/details.js")),
    ("list.js", SCRIPT, include_str!("page/list.js")),
    ("views.js", SCRIPT, include_str!("page/views.js")),
    ("widgets.js", SCRIPT, include_str!("page/widgets.js")),
    ("htm-preact.js", SCRIPT, include_str!("vendor/htm-preact.js")),
];

pub(super) fn page() -> Reply {
    let reply = Reply::raw(200, "text/html; charset=utf-8", PAGE);
    protect(reply).header("cache-control", "no-store").header("vary", "accept")
}

/// A file of the page. `None` if there is no such file.
pub(super) fn file(name: &str) -> Option<Reply> {
    let (_, content_type, text) = FILES.iter().find(|(own, ..)| *own == name)?;
    Some(protect(Reply::raw(200, content_type, *text)))
}

fn protect(reply: Reply) -> Reply {
    reply
        .header("content-security-policy", CONTENT_SECURITY_POLICY)
        .header("cross-origin-resource-policy", "same-origin")
        .header("referrer-policy", "no-referrer")
        .header("x-content-type-options", "nosniff")
}
