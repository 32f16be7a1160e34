//! `--check-health`: the health check of a container that has no other program.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(2);

const REQUEST: &[u8] = b"GET /_emulator/clock HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// Asks the emulator at an address for the time. With `tls`, only connects: the certificate is not known.
pub fn check(addr: SocketAddr, tls: bool) -> io::Result<()> {
    let addr = reachable(addr);
    let fail =
        |text: &dyn std::fmt::Display| io::Error::other(format!("no emulator responds at {addr}: {text}"));
    let mut stream = TcpStream::connect_timeout(&addr, TIMEOUT).map_err(|error| fail(&error))?;
    if tls {
        return Ok(());
    }
    let mut head = [0; 12];
    let exchange = stream
        .set_read_timeout(Some(TIMEOUT))
        .and_then(|()| stream.write_all(REQUEST))
        .and_then(|()| stream.read_exact(&mut head));
    exchange.map_err(|error| fail(&error))?;
    if &head == b"HTTP/1.1 200" { Ok(()) } else { Err(fail(&String::from_utf8_lossy(&head))) }
}

/// The loopback address, if the emulator listens on all addresses.
fn reachable(addr: SocketAddr) -> SocketAddr {
    match addr {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => (Ipv4Addr::LOCALHOST, v4.port()).into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => (Ipv6Addr::LOCALHOST, v6.port()).into(),
        other => other,
    }
}
