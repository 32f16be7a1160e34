//! What can happen to a connection, from the first packet to the last byte of an answer.

use super::{does, line, says, write};
use crate::case::{Case, End::*, Fault, Target::*, Then::*};

pub const CASES: &[Case] = &[
    Case::new("refuses", Unreachable, Fault::Refuse),
    line("resets_what_it_accepted", Lost, |_| Ok(Reset)),
    line("resets_at_the_first_byte", Broken, |stream| stream.read(&mut [0]).map(|_| Reset)),
    line("closes_what_it_accepted", Broken, |_| Ok(Close)),
    line("accepts_and_says_nothing", Timeout, |_| Ok(Hang)),
    says("resets_before_the_head", Broken, "", Reset),
    says("closes_before_the_head", Broken, "", Close),
    says("stalls_before_the_head", Timeout, "", Hang),
    says("resets_in_the_head", Broken, "{ok}content-le", Reset),
    says("closes_in_the_head", Broken, "{ok}content-le", Close),
    says("stalls_in_the_head", Timeout, "{ok}content-le", Hang),
    says("resets_before_the_body", Broken, "{ok}content-length: {length}\r\n\r\n", Reset),
    says("closes_before_the_body", Broken, "{ok}content-length: {length}\r\n\r\n", Close),
    says("stalls_before_the_body", Timeout, "{ok}content-length: {length}\r\n\r\n", Hang),
    says("resets_in_the_body", Broken, "{ok}content-length: {longer}\r\n\r\n{body}", Reset),
    says("closes_in_the_body", Broken, "{ok}content-length: {longer}\r\n\r\n{body}", Close),
    says("stalls_in_the_body", Timeout, "{ok}content-length: {longer}\r\n\r\n{body}", Hang),
    says("closes_between_chunks", Broken, "{ok}transfer-encoding: chunked\r\n\r\n1\r\n \r\n", Close),
    says("stalls_between_chunks", Timeout, "{ok}transfer-encoding: chunked\r\n\r\n1\r\n \r\n", Hang),
    says("closes_in_a_chunk", Broken, "{ok}transfer-encoding: chunked\r\n\r\nffff\r\n{body}", Close),
    says("stalls_in_a_chunk", Timeout, "{ok}transfer-encoding: chunked\r\n\r\nffff\r\n{body}", Hang),
    says("closes_in_a_body_without_a_length", Unreadable, "{ok}\r\n{", Close),
    says("stalls_in_a_body_without_a_length", Timeout, "{ok}\r\n{body}", Hang),
    says("resets_in_an_error", Refused(500), "HTTP/1.1 500 Said\r\ncontent-length: 9\r\n\r\n{", Reset),
    says("closes_in_an_error", Refused(500), "HTTP/1.1 500 Said\r\ncontent-length: 9\r\n\r\n{", Close),
    says("stalls_in_an_error", Timeout, "HTTP/1.1 500 Said\r\ncontent-length: 9\r\n\r\n{", Hang),
    says(
        "says_that_it_closes_and_does_not",
        Answer,
        "{ok}connection: close\r\ncontent-length: {length}\r\n\r\n{body}",
        Hang,
    ),
    // A write that follows may be under way when it is closed: see tests/idle.rs for the time after that.
    says("answers_and_is_gone", Answer, "{ok}content-length: {length}\r\n\r\n{body}", Close)
        .only(&[Read, Keys, Check]),
    does("dribbles_an_answer", Answer, |scene, to| {
        write::dribble(to, &scene.fill("{ok}content-length: {length}\r\n\r\n{body}"))?;
        Ok(Keep)
    }),
    does("drips_a_head_for_ever", Timeout, |scene, to| {
        write::dribble(to, &scene.fill("{ok}x-a: "))?;
        write::drip(to, b"a").map(|()| Close)
    }),
    does("drips_a_body_for_ever", Timeout, |scene, to| {
        write::dribble(to, &scene.fill("{ok}transfer-encoding: chunked\r\n\r\n"))?;
        write::drip(to, b"1\r\n \r\n").map(|()| Close)
    }),
    does("drips_an_error_for_ever", Timeout, |scene, to| {
        write::dribble(to, &scene.fill("HTTP/1.1 500 Said\r\ntransfer-encoding: chunked\r\n\r\n"))?;
        write::drip(to, b"1\r\n \r\n").map(|()| Close)
    }),
];
