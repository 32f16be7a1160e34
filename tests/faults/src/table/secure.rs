//! TLS that is not in order. Where it is not, no request may go out.

use std::io;

use rustls::ServerConfig;
use rustls::version::{TLS12, TLS13};

use super::write::{self, GIGABYTE};
use crate::case::{Case, End, End::*, Fault, Then, Then::*};
use crate::raw::Stream;
use crate::site::AUTHORITY;
use crate::tls::{self, Authority, Identity};

const fn wire(name: &'static str, end: End, fault: fn(&mut dyn Stream) -> io::Result<Then>) -> Case {
    Case::new(name, end, Fault::Wire(fault))
}

const fn shakes_hands(name: &'static str, end: End, config: fn() -> ServerConfig) -> Case {
    Case::new(name, end, Fault::Handshake(config))
}

const fn says_securely(name: &'static str, end: End, text: &'static str, then: Then) -> Case {
    Case::new(name, end, Fault::SaysSecurely(text, then))
}

fn with(identity: &Identity) -> ServerConfig {
    tls::config(identity, None, rustls::DEFAULT_VERSIONS)
}

fn with_protocols(protocols: &[&str]) -> ServerConfig {
    let mut config = with(&AUTHORITY.sign("127.0.0.1"));
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}

/// Takes the client's greeting, at least its beginning.
fn greeting(stream: &mut dyn Stream) -> io::Result<()> {
    stream.read(&mut [0; 16 * 1024]).map(drop)
}

/// The server's greeting, of an old version.
fn greets_in(stream: &mut dyn Stream, minor: u8) -> io::Result<Then> {
    greeting(stream)?;
    let random = [7; 32];
    // No session, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, no compression.
    let hello = [&[3, minor], &random[..], &[0, 0xc0, 0x13, 0]].concat();
    let message = [&[2, 0, 0, 38], &hello[..]].concat();
    let record = [&[22, 3, minor, 0, 42], &message[..]].concat();
    stream.write_all(&record)?;
    Ok(Hang)
}

pub const CASES: &[Case] = &[
    shakes_hands("has_a_certificate_of_an_unknown_authority", Distrusted, || {
        with(&Authority::new().sign("127.0.0.1"))
    }),
    shakes_hands("has_a_certificate_of_another_host", Distrusted, || with(&AUTHORITY.sign("other.example"))),
    shakes_hands("has_a_certificate_that_is_over", Distrusted, || {
        with(&AUTHORITY.sign_until("127.0.0.1", 2020))
    }),
    shakes_hands("has_a_certificate_that_is_not_yet_good", Distrusted, || {
        with(&AUTHORITY.sign_between("127.0.0.1", 2900, 2999))
    }),
    shakes_hands("speaks_tls_1_2", Answer, || tls::config(&AUTHORITY.sign("127.0.0.1"), None, &[&TLS12])),
    shakes_hands("speaks_tls_1_3", Answer, || tls::config(&AUTHORITY.sign("127.0.0.1"), None, &[&TLS13])),
    shakes_hands("would_rather_speak_http_2", Answer, || with_protocols(&["h2", "http/1.1"])),
    shakes_hands("speaks_nothing_but_http_2", Unreachable, || with_protocols(&["h2"])),
    wire("greets_in_ssl_3", Unreachable, |stream| greets_in(stream, 0)),
    wire("greets_in_tls_1_0", Unreachable, |stream| greets_in(stream, 1)),
    wire("greets_in_tls_1_1", Unreachable, |stream| greets_in(stream, 2)),
    wire("wants_an_older_version", Unreachable, |stream| {
        greeting(stream)?;
        // A fatal alert: protocol_version.
        stream.write_all(&[21, 3, 1, 0, 2, 2, 70])?;
        Ok(Hang)
    }),
    wire("speaks_plainly_on_a_port_for_tls", Unreachable, |stream| {
        greeting(stream)?;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")?;
        Ok(Hang)
    }),
    wire("speaks_another_language_on_a_port_for_tls", Unreachable, |stream| {
        stream.write_all(b"220 mail.example ESMTP\r\n")?;
        Ok(Hang)
    }),
    wire("resets_before_the_handshake", Unreachable, |_| Ok(Reset)),
    wire("says_nothing_on_a_port_for_tls", Timeout, |_| Ok(Hang)),
    wire("resets_in_the_handshake", Unreachable, |stream| greeting(stream).map(|()| Reset)),
    wire("closes_in_the_handshake", Unreachable, |stream| greeting(stream).map(|()| Close)),
    wire("stalls_in_the_handshake", Timeout, |stream| {
        greeting(stream)?;
        stream.write_all(&[22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3])?;
        Ok(Hang)
    }),
    wire("greets_for_a_gigabyte", Unreachable, |stream| {
        greeting(stream)?;
        let record = [&[22, 3, 3, 0x40, 0, 2, 0xff, 0xff, 0xff][..], &[0; 0x4000 - 4]].concat();
        write::repeat(stream, &record, GIGABYTE).map(|()| Close)
    }),
    says_securely("cuts_an_answer_without_a_word", Broken, "{ok}\r\n{body}", Close),
    says_securely(
        "resets_in_an_answer_under_tls",
        Broken,
        "{ok}content-length: {longer}\r\n\r\n{body}",
        Reset,
    ),
    says_securely(
        "stalls_in_an_answer_under_tls",
        Timeout,
        "{ok}content-length: {longer}\r\n\r\n{body}",
        Hang,
    ),
];
