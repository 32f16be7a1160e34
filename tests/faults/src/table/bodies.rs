//! Bodies with unexpected content.

use super::{send_text, send_with};
use crate::case::{Case, ConnectionAction::*, Ending::*, Target::*};

pub const CASES: &[Case] = &[
    send_text(
        "html_body",
        Undecodable,
        "{ok}content-type: text/html\r\n\r\n<html><body>Hello</body></html>",
        Close,
    ),
    send_text(
        "json_body_with_html_content_type",
        Success,
        "{ok}content-type: text/html\r\ncontent-length: {length}\r\n\r\n{body}",
        Keep,
    ),
    send_text(
        "json_body_with_invalid_content_type",
        Success,
        "{ok}content-type: ;;;\r\ncontent-length: {length}\r\n\r\n{body}",
        Keep,
    ),
    send_text(
        "html_error_body",
        Status(500),
        "HTTP/1.1 500 Said\r\ncontent-type: text/html\r\n\r\n<html>token_1</html>",
        Close,
    ),
    send_text("empty_body", Undecodable, "{ok}content-length: 0\r\n\r\n", Keep),
    send_text("null_body", Undecodable, "{ok}content-length: 4\r\n\r\nnull", Keep),
    send_text("list_body", Undecodable, "{ok}content-length: 2\r\n\r\n[]", Keep).except(&[(Keys, Success)]),
    send_text("string_body", Undecodable, "{ok}content-length: 4\r\n\r\n\"ok\"", Keep)
        .except(&[(Keys, Success)]),
    send_text("truncated_json_body", Undecodable, "{ok}content-length: 9\r\n\r\n{\"organ\":", Keep),
    send_text("two_json_objects_in_body", Undecodable, "{ok}\r\n{body}{body}", Close),
    send_text("nan_body", Undecodable, "{ok}content-length: 3\r\n\r\nNaN", Keep),
    send_with("utf_16_body", Undecodable, |context, to| {
        let body: Vec<u8> = context.good_body().encode_utf16().flat_map(u16::to_le_bytes).collect();
        to.write_all(context.fill("{ok}content-type: application/json; charset=utf-16\r\n\r\n").as_bytes())?;
        to.write_all(&body).map(|()| Close)
    }),
    send_with("invalid_utf_8_body", Undecodable, |context, to| {
        to.write_all(context.fill("{ok}\r\n{\"a\": \"").as_bytes())?;
        to.write_all(b"\xff\"}").map(|()| Close)
    }),
    send_with("hundred_thousand_nested_lists", Undecodable, |context, to| {
        let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
        let body = format!(
            "{{\"access_token\": {open}{close}, \"keys\": {open}{close}, \"organization\": {open}{close}}}"
        );
        to.write_all(context.fill("{ok}\r\n").as_bytes())?;
        to.write_all(body.as_bytes()).map(|()| Close)
    }),
    send_with("hundred_thousand_nested_lists_in_error_body", Status(500), |_, to| {
        to.write_all(b"HTTP/1.1 500 Said\r\n\r\n{\"details\": ")?;
        to.write_all("[".repeat(100_000).as_bytes()).map(|()| Close)
    }),
];
