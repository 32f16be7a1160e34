//! Responses whose length differs from the declared one.

use super::write::{self, GIGABYTE};
use super::{send_text, send_with};
use crate::case::{Case, ConnectionAction::*, Ending::*, Target::*};

pub const CASES: &[Case] = &[
    send_text("content_length_too_short", Undecodable, "{ok}content-length: 9\r\n\r\n{body}", Keep),
    send_text("no_content_length", Success, "{ok}\r\n{body}", Close),
    send_text("content_length_0_with_body", Undecodable, "{ok}content-length: 0\r\n\r\n{body}", Keep),
    send_text(
        "two_content_lengths",
        Broken,
        "{ok}content-length: {length}\r\ncontent-length: 9\r\n\r\n{body}",
        Keep,
    ),
    send_text(
        "two_content_lengths_in_one_header",
        Broken,
        "{ok}content-length: {length}, 9\r\n\r\n{body}",
        Keep,
    ),
    send_text("negative_content_length", Broken, "{ok}content-length: -1\r\n\r\n{body}", Keep),
    send_text("non_numeric_content_length", Broken, "{ok}content-length: x\r\n\r\n{body}", Keep),
    send_text(
        "overflowing_content_length",
        Broken,
        "{ok}content-length: 99999999999999999999\r\n\r\n{body}",
        Keep,
    ),
    send_text(
        "content_length_of_an_exabyte",
        Broken,
        "{ok}content-length: 1000000000000000000\r\n\r\n{body}",
        Close,
    ),
    send_text(
        "content_length_with_chunked_encoding",
        Success,
        "{ok}content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n{hex}\r\n{body}\r\n0\r\n\r\n",
        Keep,
    ),
    send_text(
        "body_with_status_204",
        Undecodable,
        "HTTP/1.1 204 Said\r\ncontent-length: {length}\r\n\r\n{body}",
        Keep,
    ),
    send_text(
        "non_numeric_chunk_size",
        Broken,
        "{ok}transfer-encoding: chunked\r\n\r\nzz\r\n{body}\r\n0\r\n\r\n",
        Keep,
    ),
    send_text(
        "negative_chunk_size",
        Broken,
        "{ok}transfer-encoding: chunked\r\n\r\n-1\r\n{body}\r\n0\r\n\r\n",
        Keep,
    ),
    send_text(
        "overflowing_chunk_size",
        Broken,
        "{ok}transfer-encoding: chunked\r\n\r\n10000000000000000\r\n{body}",
        Keep,
    ),
    send_text(
        "chunk_longer_than_its_size",
        Broken,
        "{ok}transfer-encoding: chunked\r\n\r\n1\r\n{body}\r\n0\r\n\r\n",
        Keep,
    ),
    send_text(
        "unknown_encoding_after_chunked",
        Success,
        "{ok}transfer-encoding: chunked, xyz\r\n\r\n{body}",
        Close,
    ),
    // Leading zeros of a chunk size are unlimited: the client discards them until it times out.
    send_with("endless_slow_chunk_size", Timeout, |context, to| {
        to.write_all(context.fill("{ok}transfer-encoding: chunked\r\n\r\n").as_bytes())?;
        write::drip(to, &[b'0'; 1024]).map(|()| Close)
    }),
    send_with("chunk_extension_of_a_gigabyte", Broken, |context, to| {
        to.write_all(context.fill("{ok}transfer-encoding: chunked\r\n\r\n1;").as_bytes())?;
        write::repeat(to, b"a", GIGABYTE).map(|()| Close)
    }),
    send_with("trailers_of_a_gigabyte", Broken, |context, to| {
        to.write_all(context.fill("{ok}transfer-encoding: chunked\r\n\r\n1\r\n \r\n0\r\n").as_bytes())?;
        write::repeat(to, b"x-a: bbbbbbbbb\r\n", GIGABYTE).map(|()| Close)
    }),
    send_with("gigabyte_body_with_content_length", Undecodable, |context, to| {
        to.write_all(context.fill("{ok}content-length: 1073741824\r\n\r\n").as_bytes())?;
        write::repeat(to, b" ", GIGABYTE).map(|()| Keep)
    })
    .heavy(),
    send_with("gigabyte_body_in_chunks", Undecodable, |context, to| {
        to.write_all(context.fill("{ok}transfer-encoding: chunked\r\n\r\n").as_bytes())?;
        write::chunks(to, b" ", GIGABYTE).map(|()| Close)
    })
    .heavy(),
    send_with("gigabyte_body_without_length", Undecodable, |context, to| {
        to.write_all(context.fill("{ok}\r\n").as_bytes())?;
        write::repeat(to, b" ", GIGABYTE).map(|()| Close)
    })
    .heavy(),
    send_with("gigabyte_error_body", Status(404), |context, to| {
        to.write_all(context.fill("HTTP/1.1 404 Said\r\ncontent-length: 1073741824\r\n\r\n").as_bytes())?;
        write::repeat(to, b" ", GIGABYTE).map(|()| Keep)
    })
    .heavy()
    .at_most(12 * 1024 * 1024),
    send_with("json_string_of_a_gigabyte", Undecodable, |context, to| {
        to.write_all(context.fill("{ok}\r\n{\"organization\": {\"id\": \"").as_bytes())?;
        write::repeat(to, b"a", GIGABYTE).map(|()| Close)
    })
    .heavy(),
    send_with("thirty_megabytes_of_numbers", Undecodable, |context, to| {
        to.write_all(context.fill("{ok}\r\n{\"keys\": [").as_bytes())?;
        write::repeat(to, b"0,", 30 * 1024 * 1024)?;
        to.write_all(b"0], \"organization\": 7}").map(|()| Close)
    })
    .heavy()
    .only(&[Read, Token, Keys]),
    send_with("thirty_megabytes_of_nested_lists", Undecodable, |context, to| {
        to.write_all(context.fill("{ok}\r\n{\"organization\": {\"metadata\": {\"a\": ").as_bytes())?;
        write::repeat(to, b"[", 30 * 1024 * 1024).map(|()| Close)
    })
    .heavy(),
];
