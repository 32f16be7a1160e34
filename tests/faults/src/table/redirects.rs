//! Redirects to other servers, to which a client must not send its credentials.

use super::send_text;
use crate::case::{Case, ConnectionAction::*, Ending, Ending::*, Fault};

const fn redirect(name: &'static str, status: u16, text: &'static str) -> Case {
    send_text(name, Status(status), text, Keep)
}

const fn text_over_tls(name: &'static str, end: Ending, text: &'static str) -> Case {
    Case::new(name, end, Fault::TextOverTls(text, Keep))
}

pub const CASES: &[Case] = &[
    redirect(
        "redirect_302_to_itself",
        302,
        "HTTP/1.1 302 Said\r\nlocation: {own}\r\ncontent-length: 0\r\n\r\n",
    ),
    redirect(
        "redirect_307_to_itself",
        307,
        "HTTP/1.1 307 Said\r\nlocation: {own}\r\ncontent-length: 0\r\n\r\n",
    ),
    redirect(
        "redirect_301_to_another_server",
        301,
        "HTTP/1.1 301 Said\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    redirect(
        "redirect_302_to_another_server",
        302,
        "HTTP/1.1 302 Said\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    redirect(
        "redirect_303_to_another_server",
        303,
        "HTTP/1.1 303 Said\r\nlocation: //{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    redirect(
        "redirect_307_to_another_server",
        307,
        "HTTP/1.1 307 Said\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    redirect(
        "redirect_308_to_another_server",
        308,
        "HTTP/1.1 308 Said\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    redirect(
        "redirect_to_a_file_url",
        302,
        "HTTP/1.1 302 Said\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n",
    ),
    redirect("redirect_without_location", 302, "HTTP/1.1 302 Said\r\ncontent-length: 0\r\n\r\n"),
    text_over_tls(
        "redirect_from_https_to_http",
        Status(302),
        "HTTP/1.1 302 Said\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    text_over_tls(
        "redirect_to_https_on_another_server",
        Status(307),
        "HTTP/1.1 307 Said\r\nlocation: https://{elsewhere}/\r\ncontent-length: 0\r\n\r\n",
    ),
    send_text(
        "refresh_header_to_another_server",
        Success,
        "{ok}refresh: 0; url=http://{elsewhere}/\r\ncontent-length: {length}\r\n\r\n{body}",
        Keep,
    ),
    text_over_tls(
        "alt_svc_header_to_another_server",
        Success,
        "{ok}alt-svc: h2=\"{elsewhere}\", http/1.1=\"{elsewhere}\"\r\ncontent-length: {length}\r\n\r\n{body}",
    ),
];
