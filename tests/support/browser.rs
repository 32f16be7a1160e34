//! As much of a browser as a login needs: it goes where it is sent, once.

use std::io::{Read, Write};
use std::net::TcpStream;

/// Asks for a URL of a local server, and gives the status and where it sends the browser.
pub fn visit(url: &str) -> (u16, Option<String>) {
    let rest = url.strip_prefix("http://").expect("a local server speaks plain HTTP");
    let (host, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let mut lines = answer.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap().parse().unwrap();
    let location = lines.find_map(|line| line.strip_prefix("location: "));
    (status, location.map(str::to_owned))
}

/// Where a login or a logout sends the browser.
pub fn follow(url: &str) -> String {
    let (status, location) = visit(url);
    location.unwrap_or_else(|| panic!("{url} leads nowhere, with status {status}"))
}

/// The parameters of a URL.
pub fn query(text: &str) -> std::collections::HashMap<String, String> {
    url::Url::parse(text).unwrap().query_pairs().into_owned().collect()
}
