//! Invalid and oversized response heads.

use super::write::{self, GIGABYTE};
use super::{line, send_text, send_with};
use crate::case::{Case, ConnectionAction::*, Ending::*, Target::*};

/// SETTINGS, GOAWAY, and RST_STREAM of the first stream, with which an HTTP/2 server ends a connection. The client speaks
/// HTTP/1.1 only, where these bytes are invalid.
const HTTP2: &[u8] = b"\0\0\0\x04\0\0\0\0\0\
    \0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0b\
    \0\0\x04\x03\0\0\0\0\x01\0\0\0\x08";

pub const CASES: &[Case] = &[
    send_text("empty_lines_instead_of_head", Broken, "\r\n\r\n", Close),
    send_text("ssh_banner_instead_of_head", Broken, "SSH-2.0-OpenSSH_9.9\r\n\r\n", Hang),
    send_text("body_without_head", Broken, "{body}", Close),
    send_text(
        "http_3_status_line",
        Broken,
        "HTTP/3.0 200 Said\r\ncontent-length: {length}\r\n\r\n{body}",
        Keep,
    ),
    send_text("http_1_0_response", Success, "HTTP/1.0 200 Said\r\n\r\n{body}", Close),
    send_text("non_numeric_status", Broken, "HTTP/1.1 OK Said\r\ncontent-length: 0\r\n\r\n", Keep),
    send_text("four_digit_status", Broken, "HTTP/1.1 2000 Said\r\ncontent-length: 0\r\n\r\n", Keep),
    send_text("status_000", Broken, "HTTP/1.1 000 Said\r\ncontent-length: 0\r\n\r\n", Keep),
    send_text("status_999", Status(999), "HTTP/1.1 999 Said\r\ncontent-length: 0\r\n\r\n", Keep),
    send_text("header_without_name", Broken, "{ok}: x\r\ncontent-length: {length}\r\n\r\n{body}", Keep),
    send_text("header_with_nul_byte", Broken, "{ok}x-a: \0\r\ncontent-length: {length}\r\n\r\n{body}", Keep),
    send_text("invalid_header_lines", Broken, "{ok}panic: nil\r\ngoroutine 1\r\n\r\n", Close),
    send_with("binary_data_instead_of_head", Broken, |_, to| {
        write::repeat(to, &[0, 0xff, 0x80, 0xc3], 4096).map(|()| Close)
    }),
    send_with("http_2_goaway_instead_of_head", Broken, |_, to| to.write_all(HTTP2).map(|()| Hang)),
    line("http_2_goaway_after_accept", Broken, |to| to.write_all(HTTP2).map(|()| Hang)),
    send_with("status_line_of_a_gigabyte", Broken, |_, to| write::repeat(to, b"x", GIGABYTE).map(|()| Close)),
    send_with("reason_phrase_of_a_gigabyte", Broken, |_, to| {
        to.write_all(b"HTTP/1.1 200 ")?;
        write::repeat(to, b"x", GIGABYTE).map(|()| Close)
    }),
    send_with("header_of_a_gigabyte", Broken, |context, to| {
        to.write_all(context.fill("{ok}x-a: ").as_bytes())?;
        write::repeat(to, b"x", GIGABYTE).map(|()| Close)
    }),
    send_with("ten_megabytes_of_headers", Broken, |context, to| {
        to.write_all(context.fill("{ok}").as_bytes())?;
        write::repeat(to, b"x-a: bbbbbbbbb\r\n", 10 * 1024 * 1024)?;
        to.write_all(context.fill("content-length: {length}\r\n\r\n{body}").as_bytes()).map(|()| Keep)
    }),
    send_with("two_hundred_headers", Broken, |context, to| {
        let headers = "x-a: b\r\n".repeat(200);
        to.write_all(
            context.fill(&format!("{{ok}}{headers}content-length: {{length}}\r\n\r\n{{body}}")).as_bytes(),
        )?;
        Ok(Keep)
    }),
    send_text(
        "informational_responses_before_response",
        Success,
        "HTTP/1.1 103 Early\r\nlink: </a>\r\n\r\nHTTP/1.1 100 Go\r\n\r\n{ok}content-length: {length}\r\n\r\n{body}",
        Keep,
    ),
    send_with("endless_informational_responses", Timeout, |_, to| {
        let link = "a".repeat(4096);
        write::repeat_forever(to, format!("HTTP/1.1 103 Early\r\nlink: <{link}>\r\n\r\n").as_bytes())
    })
    .heavy()
    .only(&[Write, Token])
    .at_most(u64::MAX),
    send_with("endless_slow_informational_responses", Timeout, |_, to| {
        write::drip(to, b"HTTP/1.1 103 Early\r\nlink: </a>\r\n\r\n").map(|()| Close)
    }),
    send_text(
        "switching_protocols_response",
        Status(101),
        "HTTP/1.1 101 Go\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
        Hang,
    ),
    send_text(
        "proxy_authentication_response",
        Status(407),
        "HTTP/1.1 407 Said\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n",
        Keep,
    ),
    send_text(
        "unsolicited_second_response",
        Success,
        "{ok}content-length: {length}\r\n\r\n{body}{ok}content-length: 9\r\n\r\n{\"id\": 1}",
        Keep,
    ),
];
