//! Answers that send the client elsewhere, where it must not carry its credentials.

use super::says;
use crate::case::{Case, End, End::*, Fault, Then::*};

const fn sends(name: &'static str, status: u16, text: &'static str) -> Case {
    says(name, Refused(status), text, Keep)
}

const fn sends_securely(name: &'static str, end: End, text: &'static str) -> Case {
    Case::new(name, end, Fault::SaysSecurely(text, Keep))
}

pub const CASES: &[Case] = &[
    sends(
        "redirects_to_itself_for_ever",
        302,
        "HTTP/1.1 302 Said\r\nlocation: {own}\r\ncontent-length: 0\r\n\r\n",
    ),
    sends(
        "redirects_to_itself_and_keeps_the_method",
        307,
        "HTTP/1.1 307 Said\r\nlocation: {own}\r\ncontent-length: 0\r\n\r\n",
    ),
    sends(
        "redirects_elsewhere_with_301",
        301,
        "HTTP/1.1 301 Said\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    sends(
        "redirects_elsewhere_with_302",
        302,
        "HTTP/1.1 302 Said\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    sends(
        "redirects_elsewhere_with_303",
        303,
        "HTTP/1.1 303 Said\r\nlocation: //{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    sends(
        "redirects_elsewhere_with_307",
        307,
        "HTTP/1.1 307 Said\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    sends(
        "redirects_elsewhere_with_308",
        308,
        "HTTP/1.1 308 Said\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    sends(
        "redirects_to_a_file",
        302,
        "HTTP/1.1 302 Said\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n",
    ),
    sends("redirects_nowhere", 302, "HTTP/1.1 302 Said\r\ncontent-length: 0\r\n\r\n"),
    sends_securely(
        "redirects_away_from_tls",
        Refused(302),
        "HTTP/1.1 302 Said\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    sends_securely(
        "redirects_to_tls_elsewhere",
        Refused(307),
        "HTTP/1.1 307 Said\r\nlocation: https://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    says(
        "has_a_refresh_to_elsewhere",
        Answer,
        "{ok}refresh: 0; url=http://{elsewhere}/\r\ncontent-length: {length}\r\n\r\n{body}",
        Keep,
    ),
    sends_securely(
        "has_another_service_elsewhere",
        Answer,
        "{ok}alt-svc: h2=\"{elsewhere}\", http/1.1=\"{elsewhere}\"\r\ncontent-length: {length}\r\n\r\n{body}",
    ),
];
