//! Heads of answers that are none, or too much.

use super::write::{self, GIGABYTE};
use super::{does, line, says};
use crate::case::{Case, End::*, Target::*, Then::*};

/// SETTINGS, then GOAWAY, then RST_STREAM of the first stream: what a server of HTTP/2 says to end everything. Our
/// client speaks HTTP/1.1 alone, to which this is garbage.
const HTTP2: &[u8] = b"\0\0\0\x04\0\0\0\0\0\
    \0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0b\
    \0\0\x04\x03\0\0\0\0\x01\0\0\0\x08";

pub const CASES: &[Case] = &[
    says("says_nothing_but_an_empty_line", Broken, "\r\n\r\n", Close),
    says("speaks_another_language", Broken, "SSH-2.0-OpenSSH_9.9\r\n\r\n", Hang),
    says("answers_without_a_head", Broken, "{body}", Close),
    says("answers_in_http_3", Broken, "HTTP/3.0 200 Said\r\ncontent-length: {length}\r\n\r\n{body}", Keep),
    says("answers_in_http_1_0", Answer, "HTTP/1.0 200 Said\r\n\r\n{body}", Close),
    says("has_a_status_that_is_no_number", Broken, "HTTP/1.1 OK Said\r\ncontent-length: 0\r\n\r\n", Keep),
    says("has_a_status_of_four_figures", Broken, "HTTP/1.1 2000 Said\r\ncontent-length: 0\r\n\r\n", Keep),
    says("has_the_status_0", Broken, "HTTP/1.1 000 Said\r\ncontent-length: 0\r\n\r\n", Keep),
    says("has_the_status_999", Refused(999), "HTTP/1.1 999 Said\r\ncontent-length: 0\r\n\r\n", Keep),
    says("has_a_header_without_a_name", Broken, "{ok}: x\r\ncontent-length: {length}\r\n\r\n{body}", Keep),
    says("has_a_header_with_a_zero", Broken, "{ok}x-a: \0\r\ncontent-length: {length}\r\n\r\n{body}", Keep),
    says("says_lines_that_are_no_headers", Broken, "{ok}panic: nil\r\ngoroutine 1\r\n\r\n", Close),
    does("answers_in_bytes_that_mean_nothing", Broken, |_, to| {
        write::repeat(to, &[0, 0xff, 0x80, 0xc3], 4096).map(|()| Close)
    }),
    does("says_goaway_and_rst_of_http_2", Broken, |_, to| to.write_all(HTTP2).map(|()| Hang)),
    line("says_goaway_of_http_2_at_once", Broken, |to| to.write_all(HTTP2).map(|()| Hang)),
    does("has_a_line_of_a_gigabyte", Broken, |_, to| write::repeat(to, b"x", GIGABYTE).map(|()| Close)),
    does("has_a_reason_of_a_gigabyte", Broken, |_, to| {
        to.write_all(b"HTTP/1.1 200 ")?;
        write::repeat(to, b"x", GIGABYTE).map(|()| Close)
    }),
    does("has_a_header_of_a_gigabyte", Broken, |scene, to| {
        to.write_all(scene.fill("{ok}x-a: ").as_bytes())?;
        write::repeat(to, b"x", GIGABYTE).map(|()| Close)
    }),
    does("has_ten_megabytes_of_headers", Broken, |scene, to| {
        to.write_all(scene.fill("{ok}").as_bytes())?;
        write::repeat(to, b"x-a: bbbbbbbbb\r\n", 10 * 1024 * 1024)?;
        to.write_all(scene.fill("content-length: {length}\r\n\r\n{body}").as_bytes()).map(|()| Keep)
    }),
    does("has_two_hundred_headers", Broken, |scene, to| {
        let headers = "x-a: b\r\n".repeat(200);
        to.write_all(
            scene.fill(&format!("{{ok}}{headers}content-length: {{length}}\r\n\r\n{{body}}")).as_bytes(),
        )?;
        Ok(Keep)
    }),
    says(
        "hints_before_it_answers",
        Answer,
        "HTTP/1.1 103 Early\r\nlink: </a>\r\n\r\nHTTP/1.1 100 Go\r\n\r\n{ok}content-length: {length}\r\n\r\n{body}",
        Keep,
    ),
    does("hints_for_ever", Timeout, |_, to| {
        let link = "a".repeat(4096);
        write::endlessly(to, format!("HTTP/1.1 103 Early\r\nlink: <{link}>\r\n\r\n").as_bytes())
    })
    .heavy()
    .only(&[Write, Token])
    .at_most(u64::MAX),
    does("hints_now_and_then_for_ever", Timeout, |_, to| {
        write::drip(to, b"HTTP/1.1 103 Early\r\nlink: </a>\r\n\r\n").map(|()| Close)
    }),
    says(
        "switches_protocols",
        Refused(101),
        "HTTP/1.1 101 Go\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
        Hang,
    ),
    says(
        "asks_for_a_password_of_a_proxy",
        Refused(407),
        "HTTP/1.1 407 Said\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n",
        Keep,
    ),
    says(
        "answers_ahead",
        Answer,
        "{ok}content-length: {length}\r\n\r\n{body}{ok}content-length: 9\r\n\r\n{\"id\": 1}",
        Keep,
    ),
];
