//! The server: one thread per connection, one read and one write per request, prepared responses.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use serde_json::json;

use crate::forge::{CLIENT_ID, access_token};
use crate::responses::Responses;
use crate::{Result, forge};

/// The largest request of a contestant.
const MAX_REQUEST: usize = 64 * 1024;

pub fn serve() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let token = access_token(&url)?;
    let responses = Arc::new(Responses::new(&token)?);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let responses = Arc::clone(&responses);
            thread::spawn(move || serve_connection(stream, &responses));
        }
    });
    let keys = forge::keys()?;
    println!("{}", json!({"url": url, "client_id": CLIENT_ID, "token": token, "keys": keys}));
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}

/// Responds to requests until the client closes the connection.
fn serve_connection(mut stream: TcpStream, responses: &Responses) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; MAX_REQUEST];
    let mut filled = 0;
    loop {
        while let Some((target, length)) = request(&buffer[..filled]) {
            stream.write_all(responses.to(target))?;
            buffer.copy_within(length..filled, 0);
            filled -= length;
        }
        match stream.read(&mut buffer[filled..])? {
            0 => return Ok(()),
            read => filled += read,
        }
    }
}

/// The target and the length of a complete request.
fn request(bytes: &[u8]) -> Option<(&str, usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let body = head.lines().find_map(content_length).unwrap_or_default();
    let target = head.split(' ').nth(1)?;
    (bytes.len() >= end + body).then_some((target, end + body))
}

fn content_length(line: &str) -> Option<usize> {
    let (name, value) = line.split_once(':')?;
    name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::request;

    #[test]
    fn request_is_parsed_when_complete() {
        let post = b"POST /oauth/token HTTP/1.1\r\nContent-Length: 3\r\n\r\na=bGET";
        assert_eq!(request(post), Some(("/oauth/token", post.len() - 3)));
        assert_eq!(request(&post[..post.len() - 4]), None);
        assert_eq!(request(b"GET / HTTP/1.1\r\n"), None);
        assert_eq!(request(b"GET /x?y=1 HTTP/1.1\r\n\r\n"), Some(("/x?y=1", 23)));
    }
}
