//! Faults of a connection, from the first packet to the last byte of a response.

use super::{line, send_text, send_with, write};
use crate::case::{Case, ConnectionAction::*, Ending::*, Fault, Target::*};

pub const CASES: &[Case] = &[
    Case::new("connection_refused", Unreachable, Fault::Refuse),
    line("reset_after_accept", Lost, |_| Ok(Reset)),
    line("reset_at_first_byte", Broken, |stream| stream.read(&mut [0]).map(|_| Reset)),
    line("close_after_accept", Broken, |_| Ok(Close)),
    line("silence_after_accept", Timeout, |_| Ok(Hang)),
    send_text("reset_before_head", Broken, "", Reset),
    send_text("close_before_head", Broken, "", Close),
    send_text("stall_before_head", Timeout, "", Hang),
    send_text("reset_in_head", Broken, "{ok}content-le", Reset),
    send_text("close_in_head", Broken, "{ok}content-le", Close),
    send_text("stall_in_head", Timeout, "{ok}content-le", Hang),
    send_text("reset_before_body", Broken, "{ok}content-length: {length}\r\n\r\n", Reset),
    send_text("close_before_body", Broken, "{ok}content-length: {length}\r\n\r\n", Close),
    send_text("stall_before_body", Timeout, "{ok}content-length: {length}\r\n\r\n", Hang),
    send_text("reset_in_body", Broken, "{ok}content-length: {longer}\r\n\r\n{body}", Reset),
    send_text("close_in_body", Broken, "{ok}content-length: {longer}\r\n\r\n{body}", Close),
    send_text("stall_in_body", Timeout, "{ok}content-length: {longer}\r\n\r\n{body}", Hang),
    send_text("close_between_chunks", Broken, "{ok}transfer-encoding: chunked\r\n\r\n1\r\n \r\n", Close),
    send_text("stall_between_chunks", Timeout, "{ok}transfer-encoding: chunked\r\n\r\n1\r\n \r\n", Hang),
    send_text("close_in_chunk", Broken, "{ok}transfer-encoding: chunked\r\n\r\nffff\r\n{body}", Close),
    send_text("stall_in_chunk", Timeout, "{ok}transfer-encoding: chunked\r\n\r\nffff\r\n{body}", Hang),
    send_text("close_in_body_without_length", Undecodable, "{ok}\r\n{", Close),
    send_text("stall_in_body_without_length", Timeout, "{ok}\r\n{body}", Hang),
    send_text("reset_in_error_body", Status(500), "HTTP/1.1 500 Said\r\ncontent-length: 9\r\n\r\n{", Reset),
    send_text("close_in_error_body", Status(500), "HTTP/1.1 500 Said\r\ncontent-length: 9\r\n\r\n{", Close),
    send_text("stall_in_error_body", Timeout, "HTTP/1.1 500 Said\r\ncontent-length: 9\r\n\r\n{", Hang),
    send_text(
        "connection_close_header_without_close",
        Success,
        "{ok}connection: close\r\ncontent-length: {length}\r\n\r\n{body}",
        Hang,
    ),
    // Not for writes: the next write may be in flight when the connection closes. tests/idle.rs covers later writes.
    send_text("close_after_response", Success, "{ok}content-length: {length}\r\n\r\n{body}", Close)
        .only(&[Read, Keys, Check]),
    send_with("response_byte_by_byte", Success, |context, to| {
        write::write_bytewise(to, &context.fill("{ok}content-length: {length}\r\n\r\n{body}"))?;
        Ok(Keep)
    }),
    send_with("endless_slow_head", Timeout, |context, to| {
        write::write_bytewise(to, &context.fill("{ok}x-a: "))?;
        write::drip(to, b"a").map(|()| Close)
    }),
    send_with("endless_slow_body", Timeout, |context, to| {
        write::write_bytewise(to, &context.fill("{ok}transfer-encoding: chunked\r\n\r\n"))?;
        write::drip(to, b"1\r\n \r\n").map(|()| Close)
    }),
    send_with("endless_slow_error_body", Timeout, |context, to| {
        write::write_bytewise(to, &context.fill("HTTP/1.1 500 Said\r\ntransfer-encoding: chunked\r\n\r\n"))?;
        write::drip(to, b"1\r\n \r\n").map(|()| Close)
    }),
];
