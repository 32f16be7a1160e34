//! Answers that are not as long as they say.

use super::write::{self, GIGABYTE};
use super::{does, says};
use crate::case::{Case, End::*, Target::*, Then::*};

pub const CASES: &[Case] = &[
    says("states_a_length_too_short", Unreadable, "{ok}content-length: 9\r\n\r\n{body}", Keep),
    says("states_no_length_at_all", Answer, "{ok}\r\n{body}", Close),
    says("states_the_length_0", Unreadable, "{ok}content-length: 0\r\n\r\n{body}", Keep),
    says(
        "states_two_lengths",
        Broken,
        "{ok}content-length: {length}\r\ncontent-length: 9\r\n\r\n{body}",
        Keep,
    ),
    says("states_two_lengths_in_one", Broken, "{ok}content-length: {length}, 9\r\n\r\n{body}", Keep),
    says("states_a_length_below_0", Broken, "{ok}content-length: -1\r\n\r\n{body}", Keep),
    says("states_a_length_that_is_no_number", Broken, "{ok}content-length: x\r\n\r\n{body}", Keep),
    says(
        "states_a_length_beyond_numbers",
        Broken,
        "{ok}content-length: 99999999999999999999\r\n\r\n{body}",
        Keep,
    ),
    says("states_an_exabyte", Broken, "{ok}content-length: 1000000000000000000\r\n\r\n{body}", Close),
    says(
        "states_a_length_beside_chunks",
        Answer,
        "{ok}content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n{hex}\r\n{body}\r\n0\r\n\r\n",
        Keep,
    ),
    says(
        "has_a_body_where_none_may_be",
        Unreadable,
        "HTTP/1.1 204 Said\r\ncontent-length: {length}\r\n\r\n{body}",
        Keep,
    ),
    says(
        "has_a_chunk_of_no_size",
        Broken,
        "{ok}transfer-encoding: chunked\r\n\r\nzz\r\n{body}\r\n0\r\n\r\n",
        Keep,
    ),
    says(
        "has_a_chunk_below_0",
        Broken,
        "{ok}transfer-encoding: chunked\r\n\r\n-1\r\n{body}\r\n0\r\n\r\n",
        Keep,
    ),
    says(
        "has_a_chunk_beyond_numbers",
        Broken,
        "{ok}transfer-encoding: chunked\r\n\r\n10000000000000000\r\n{body}",
        Keep,
    ),
    says(
        "has_a_chunk_that_is_too_long",
        Broken,
        "{ok}transfer-encoding: chunked\r\n\r\n1\r\n{body}\r\n0\r\n\r\n",
        Keep,
    ),
    says(
        "has_chunks_inside_something_else",
        Answer,
        "{ok}transfer-encoding: chunked, xyz\r\n\r\n{body}",
        Close,
    ),
    // Zeros before a size may go on for ever: they are read and forgotten until the time is over.
    does("drips_a_chunk_size_for_ever", Timeout, |scene, to| {
        to.write_all(scene.fill("{ok}transfer-encoding: chunked\r\n\r\n").as_bytes())?;
        write::drip(to, &[b'0'; 1024]).map(|()| Close)
    }),
    does("has_a_gigabyte_beside_a_chunk", Broken, |scene, to| {
        to.write_all(scene.fill("{ok}transfer-encoding: chunked\r\n\r\n1;").as_bytes())?;
        write::repeat(to, b"a", GIGABYTE).map(|()| Close)
    }),
    does("has_a_gigabyte_of_trailers", Broken, |scene, to| {
        to.write_all(scene.fill("{ok}transfer-encoding: chunked\r\n\r\n1\r\n \r\n0\r\n").as_bytes())?;
        write::repeat(to, b"x-a: bbbbbbbbb\r\n", GIGABYTE).map(|()| Close)
    }),
    does("states_a_gigabyte_and_sends_it", Unreadable, |scene, to| {
        to.write_all(scene.fill("{ok}content-length: 1073741824\r\n\r\n").as_bytes())?;
        write::repeat(to, b" ", GIGABYTE).map(|()| Keep)
    })
    .heavy(),
    does("sends_a_gigabyte_in_chunks", Unreadable, |scene, to| {
        to.write_all(scene.fill("{ok}transfer-encoding: chunked\r\n\r\n").as_bytes())?;
        write::chunks(to, b" ", GIGABYTE).map(|()| Close)
    })
    .heavy(),
    does("sends_a_gigabyte_and_no_length", Unreadable, |scene, to| {
        to.write_all(scene.fill("{ok}\r\n").as_bytes())?;
        write::repeat(to, b" ", GIGABYTE).map(|()| Close)
    })
    .heavy(),
    does("sends_a_gigabyte_of_an_error", Refused(404), |scene, to| {
        to.write_all(scene.fill("HTTP/1.1 404 Said\r\ncontent-length: 1073741824\r\n\r\n").as_bytes())?;
        write::repeat(to, b" ", GIGABYTE).map(|()| Keep)
    })
    .heavy()
    .at_most(12 * 1024 * 1024),
    does("sends_a_text_of_a_gigabyte", Unreadable, |scene, to| {
        to.write_all(scene.fill("{ok}\r\n{\"organization\": {\"id\": \"").as_bytes())?;
        write::repeat(to, b"a", GIGABYTE).map(|()| Close)
    })
    .heavy(),
    does("sends_thirty_megabytes_of_numbers", Unreadable, |scene, to| {
        to.write_all(scene.fill("{ok}\r\n{\"keys\": [").as_bytes())?;
        write::repeat(to, b"0,", 30 * 1024 * 1024)?;
        to.write_all(b"0], \"organization\": 7}").map(|()| Close)
    })
    .heavy()
    .only(&[Read, Token, Keys]),
    does("sends_thirty_megabytes_of_lists", Unreadable, |scene, to| {
        to.write_all(scene.fill("{ok}\r\n{\"organization\": {\"metadata\": {\"a\": ").as_bytes())?;
        write::repeat(to, b"[", 30 * 1024 * 1024).map(|()| Close)
    })
    .heavy(),
];
