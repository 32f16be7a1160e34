//! Bodies that are not what they should be.

use super::{does, says};
use crate::case::{Case, End::*, Target::*, Then::*};

pub const CASES: &[Case] = &[
    says(
        "answers_with_a_page",
        Unreadable,
        "{ok}content-type: text/html\r\n\r\n<html><body>Hello</body></html>",
        Close,
    ),
    says(
        "calls_json_a_page",
        Answer,
        "{ok}content-type: text/html\r\ncontent-length: {length}\r\n\r\n{body}",
        Keep,
    ),
    says(
        "calls_json_by_no_name",
        Answer,
        "{ok}content-type: ;;;\r\ncontent-length: {length}\r\n\r\n{body}",
        Keep,
    ),
    says(
        "fails_with_a_page",
        Refused(500),
        "HTTP/1.1 500 Said\r\ncontent-type: text/html\r\n\r\n<html>token_1</html>",
        Close,
    ),
    says("answers_with_nothing", Unreadable, "{ok}content-length: 0\r\n\r\n", Keep),
    says("answers_with_null", Unreadable, "{ok}content-length: 4\r\n\r\nnull", Keep),
    says("answers_with_a_list", Unreadable, "{ok}content-length: 2\r\n\r\n[]", Keep)
        .except(&[(Keys, Answer)]),
    says("answers_with_a_text", Unreadable, "{ok}content-length: 4\r\n\r\n\"ok\"", Keep)
        .except(&[(Keys, Answer)]),
    says("answers_with_half_an_object", Unreadable, "{ok}content-length: 9\r\n\r\n{\"organ\":", Keep),
    says("answers_with_two_objects", Unreadable, "{ok}\r\n{body}{body}", Close),
    says("answers_with_words_of_a_script", Unreadable, "{ok}content-length: 3\r\n\r\nNaN", Keep),
    does("answers_in_utf_16", Unreadable, |scene, to| {
        let body: Vec<u8> = scene.good().encode_utf16().flat_map(u16::to_le_bytes).collect();
        to.write_all(scene.fill("{ok}content-type: application/json; charset=utf-16\r\n\r\n").as_bytes())?;
        to.write_all(&body).map(|()| Close)
    }),
    does("answers_in_no_alphabet", Unreadable, |scene, to| {
        to.write_all(scene.fill("{ok}\r\n{\"a\": \"").as_bytes())?;
        to.write_all(b"\xff\"}").map(|()| Close)
    }),
    does("answers_in_a_hundred_thousand_lists", Unreadable, |scene, to| {
        let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
        let body = format!(
            "{{\"access_token\": {open}{close}, \"keys\": {open}{close}, \"organization\": {open}{close}}}"
        );
        to.write_all(scene.fill("{ok}\r\n").as_bytes())?;
        to.write_all(body.as_bytes()).map(|()| Close)
    }),
    does("fails_in_a_hundred_thousand_lists", Refused(500), |_, to| {
        to.write_all(b"HTTP/1.1 500 Said\r\n\r\n{\"details\": ")?;
        to.write_all("[".repeat(100_000).as_bytes()).map(|()| Close)
    }),
];
