//! The response to the application: its redirect URI, with parameters in the query or in a form.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::digest::{SHA256, digest};

use super::html::escape;
use crate::login_state::{Callback, Denial, ResponseMode};
use crate::percent;
use crate::reply::Reply;

const SUBMIT: &str = "document.forms[0].submit()";

impl ResponseMode {
    pub(super) fn read(text: &str) -> Option<ResponseMode> {
        match text {
            "query" => Some(ResponseMode::Query),
            "form_post" => Some(ResponseMode::FormPost),
            _ => None,
        }
    }
}

impl Callback {
    pub(super) fn code(&self, code: &str) -> Reply {
        self.respond(&[("code", Some(code)), ("state", self.state.as_deref())])
    }

    pub(super) fn error(&self, denial: &Denial) -> Reply {
        self.respond(&[
            ("error", Some(&denial.error)),
            ("error_description", Some(&denial.error_description)),
            ("state", self.state.as_deref()),
        ])
    }

    fn respond(&self, parameters: &[(&str, Option<&str>)]) -> Reply {
        match self.response_mode {
            ResponseMode::Query => redirect(&with_query(&self.redirect_uri, parameters)),
            ResponseMode::FormPost => form(&self.redirect_uri, parameters),
        }
    }
}

/// Appends parameters to the query of a URI. Skips parameters without a value.
pub(crate) fn with_query(uri: &str, pairs: &[(&str, Option<&str>)]) -> String {
    let mut uri = uri.to_owned();
    for (name, value) in pairs {
        if let Some(value) = value {
            uri.push(if uri.contains('?') { '&' } else { '?' });
            uri.push_str(&format!("{name}={}", percent::encode(value)));
        }
    }
    uri
}

/// Redirects with 303, so that the browser sends a GET whatever the method of its request was.
pub(crate) fn redirect(location: &str) -> Reply {
    Reply::empty(303).header("location", location).header("cache-control", "no-store")
}

/// A page that submits the parameters to the redirect URI.
fn form(redirect_uri: &str, parameters: &[(&str, Option<&str>)]) -> Reply {
    let inputs: String = parameters
        .iter()
        .filter_map(|(name, value)| Some((name, (*value)?)))
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value)))
        .collect();
    let text = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signing in</title></head>\
         <body><form method=\"post\" action=\"{}\">{inputs}<noscript><button>Continue</button></noscript></form>\
         <script>{SUBMIT}</script></body></html>",
        escape(redirect_uri)
    );
    let script = STANDARD.encode(digest(&SHA256, SUBMIT.as_bytes()));
    let policy =
        format!("default-src 'none'; script-src 'sha256-{script}'; frame-ancestors 'none'; base-uri 'none'");
    Reply::raw(200, "text/html; charset=utf-8", text)
        .header("cache-control", "no-store")
        .header("content-security-policy", &policy)
        .header("referrer-policy", "no-referrer")
}
