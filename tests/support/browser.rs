//! A minimal browser for logins: it follows a single redirect.

use std::io::{Read, Write};
use std::net::TcpStream;

/// Requests a URL of a local server. Returns the status code and the `location` header.
pub fn visit(url: &str) -> (u16, Option<String>) {
    let rest = url.strip_prefix("http://").expect("the URL of a local server is plain HTTP");
    let (host, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let mut lines = response.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap().parse().unwrap();
    let location = lines.find_map(|line| line.strip_prefix("location: "));
    (status, location.map(str::to_owned))
}

/// The redirect target of a login or logout URL.
pub fn follow(url: &str) -> String {
    let (status, location) = visit(url);
    location.unwrap_or_else(|| panic!("{url} does not redirect: status {status}"))
}

/// The query parameters of a URL.
pub fn query(text: &str) -> std::collections::HashMap<String, String> {
    url::Url::parse(text).unwrap().query_pairs().into_owned().collect()
}
