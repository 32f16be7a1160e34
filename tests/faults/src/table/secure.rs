//! TLS faults. A client must send no request over an invalid TLS connection.

use std::io;

use rustls::ServerConfig;
use rustls::version::{TLS12, TLS13};

use super::write::{self, GIGABYTE};
use crate::case::{Case, ConnectionAction, ConnectionAction::*, Ending, Ending::*, Fault};
use crate::raw::Stream;
use crate::server::AUTHORITY;
use crate::tls::{self, Authority, Identity};

const fn wire(
    name: &'static str,
    end: Ending,
    fault: fn(&mut dyn Stream) -> io::Result<ConnectionAction>,
) -> Case {
    Case::new(name, end, Fault::Wire(fault))
}

const fn handshake(name: &'static str, end: Ending, config: fn() -> ServerConfig) -> Case {
    Case::new(name, end, Fault::Handshake(config))
}

const fn text_over_tls(
    name: &'static str,
    end: Ending,
    text: &'static str,
    action: ConnectionAction,
) -> Case {
    Case::new(name, end, Fault::TextOverTls(text, action))
}

fn with(identity: &Identity) -> ServerConfig {
    tls::config(identity, None, rustls::DEFAULT_VERSIONS)
}

fn with_protocols(protocols: &[&str]) -> ServerConfig {
    let mut config = with(&AUTHORITY.sign("127.0.0.1"));
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}

/// Reads the client hello, or at least its start.
fn read_client_hello(stream: &mut dyn Stream) -> io::Result<()> {
    stream.read(&mut [0; 16 * 1024]).map(drop)
}

/// Sends a server hello of an old version.
fn old_server_hello(stream: &mut dyn Stream, minor: u8) -> io::Result<ConnectionAction> {
    read_client_hello(stream)?;
    let random = [7; 32];
    // No session, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, no compression.
    let hello = [&[3, minor], &random[..], &[0, 0xc0, 0x13, 0]].concat();
    let message = [&[2, 0, 0, 38], &hello[..]].concat();
    let record = [&[22, 3, minor, 0, 42], &message[..]].concat();
    stream.write_all(&record)?;
    Ok(Hang)
}

pub const CASES: &[Case] = &[
    handshake("certificate_of_unknown_authority", Untrusted, || with(&Authority::new().sign("127.0.0.1"))),
    handshake("certificate_of_another_host", Untrusted, || with(&AUTHORITY.sign("other.example"))),
    handshake("expired_certificate", Untrusted, || with(&AUTHORITY.sign_until("127.0.0.1", 2020))),
    handshake("certificate_not_yet_valid", Untrusted, || {
        with(&AUTHORITY.sign_between("127.0.0.1", 2900, 2999))
    }),
    handshake("tls_1_2_only", Success, || tls::config(&AUTHORITY.sign("127.0.0.1"), None, &[&TLS12])),
    handshake("tls_1_3_only", Success, || tls::config(&AUTHORITY.sign("127.0.0.1"), None, &[&TLS13])),
    handshake("alpn_prefers_http_2", Success, || with_protocols(&["h2", "http/1.1"])),
    handshake("alpn_http_2_only", Unreachable, || with_protocols(&["h2"])),
    wire("ssl_3_server_hello", Unreachable, |stream| old_server_hello(stream, 0)),
    wire("tls_1_0_server_hello", Unreachable, |stream| old_server_hello(stream, 1)),
    wire("tls_1_1_server_hello", Unreachable, |stream| old_server_hello(stream, 2)),
    wire("protocol_version_alert", Unreachable, |stream| {
        read_client_hello(stream)?;
        // A fatal alert: protocol_version.
        stream.write_all(&[21, 3, 1, 0, 2, 2, 70])?;
        Ok(Hang)
    }),
    wire("plain_http_on_tls_port", Unreachable, |stream| {
        read_client_hello(stream)?;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")?;
        Ok(Hang)
    }),
    wire("smtp_banner_on_tls_port", Unreachable, |stream| {
        stream.write_all(b"220 mail.example ESMTP\r\n")?;
        Ok(Hang)
    }),
    wire("reset_before_handshake", Unreachable, |_| Ok(Reset)),
    wire("silence_on_tls_port", Timeout, |_| Ok(Hang)),
    wire("reset_in_handshake", Unreachable, |stream| read_client_hello(stream).map(|()| Reset)),
    wire("close_in_handshake", Unreachable, |stream| read_client_hello(stream).map(|()| Close)),
    wire("stall_in_handshake", Timeout, |stream| {
        read_client_hello(stream)?;
        stream.write_all(&[22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3])?;
        Ok(Hang)
    }),
    wire("handshake_of_a_gigabyte", Unreachable, |stream| {
        read_client_hello(stream)?;
        let record = [&[22, 3, 3, 0x40, 0, 2, 0xff, 0xff, 0xff][..], &[0; 0x4000 - 4]].concat();
        write::repeat(stream, &record, GIGABYTE).map(|()| Close)
    }),
    text_over_tls("close_without_close_notify", Broken, "{ok}\r\n{body}", Close),
    text_over_tls("reset_in_body_over_tls", Broken, "{ok}content-length: {longer}\r\n\r\n{body}", Reset),
    text_over_tls("stall_in_body_over_tls", Timeout, "{ok}content-length: {longer}\r\n\r\n{body}", Hang),
];
