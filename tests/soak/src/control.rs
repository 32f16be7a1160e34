//! The emulator's control plane, over one connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::Done;

/// A client of the control plane.
#[derive(Debug)]
pub struct Control {
    address: String,
    connection: Option<BufReader<TcpStream>>,
}

impl Control {
    /// Creates a client for the emulator at this address.
    #[must_use]
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), connection: None }
    }

    /// Sends a GET request.
    pub fn get(&mut self, command: &str) -> Done<Value> {
        self.send("GET", command, None)
    }

    /// Sends a POST request.
    pub fn post(&mut self, command: &str, body: Option<&Value>) -> Done<Value> {
        self.send("POST", command, body)
    }

    /// Sends a DELETE request.
    pub fn delete(&mut self, command: &str) -> Done<Value> {
        self.send("DELETE", command, None)
    }

    fn send(&mut self, method: &str, command: &str, body: Option<&Value>) -> Done<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = format!(
            "{method} /_emulator/{command} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let connection = match &mut self.connection {
            Some(connection) => connection,
            empty => empty.insert(BufReader::new(TcpStream::connect(&self.address)?)),
        };
        connection.get_mut().write_all(request.as_bytes())?;
        let (status, response) = read(connection)?;
        if status != 200 {
            return Err(format!("the control plane returned {status} for {command}: {response}").into());
        }
        Ok(response)
    }
}

fn read(connection: &mut BufReader<TcpStream>) -> Done<(u16, Value)> {
    let (mut line, mut length) = (String::new(), 0);
    connection.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("no response")?;
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok((status, serde_json::from_slice(&body)?))
}
