//! A reply to gRPC clients: the emulator serves the API over HTTP with JSON only.
//!
//! Without it, they report a closed connection, or repeat the call until its deadline. The reply needs a few frames of
//! HTTP/2, so a complete implementation would be out of proportion.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::time::timeout;

const MESSAGE: &str = "the Scalekit emulator does not serve gRPC; use its HTTP API";

/// The length of the connection preface, with which each client starts (RFC 9113, section 3.4).
const PREFACE_LENGTH: usize = 24;
/// The length of the largest payload that a server must accept (RFC 9113, section 4.2).
const MAX_PAYLOAD: usize = 16_384;

const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const ACK: u8 = 1;
const END_STREAM_AND_HEADERS: u8 = 1 | 4;

/// Rejects each call with the status `UNIMPLEMENTED`, until the client closes the connection or is idle for too long.
/// `received` is what was already read: the preface, and maybe some frames.
pub(crate) async fn reject_calls(
    stream: impl AsyncRead + AsyncWrite,
    received: &[u8],
    idle: Duration,
) -> io::Result<()> {
    let (rest, mut writer) = split(stream);
    let mut reader = received.get(PREFACE_LENGTH..).unwrap_or_default().chain(rest);
    writer.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    let mut last_stream = 0;
    loop {
        writer.flush().await?;
        let next = timeout(idle, Frame::read(&mut reader)).await??;
        let reply = match (next.kind, next.flags & ACK) {
            (SETTINGS, 0) => frame(SETTINGS, ACK, 0, &[]),
            (PING, 0) => frame(PING, ACK, 0, &next.payload),
            // A later frame of the same stream has trailers.
            (HEADERS, _) if next.stream > last_stream => {
                last_stream = next.stream;
                frame(HEADERS, END_STREAM_AND_HEADERS, last_stream, &unimplemented())
            }
            _ => continue,
        };
        writer.write_all(&reply).await?;
    }
}

struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: Vec<u8>,
}

impl Frame {
    async fn read(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<Frame> {
        let mut head = [0; 9];
        reader.read_exact(&mut head).await?;
        let [high, middle, low, kind, flags, stream @ ..] = head;
        let length = u32::from_be_bytes([0, high, middle, low]) as usize;
        if length > MAX_PAYLOAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut payload = vec![0; length];
        reader.read_exact(&mut payload).await?;
        // The highest bit is reserved.
        Ok(Frame { kind, flags, stream: u32::from_be_bytes(stream) & (u32::MAX >> 1), payload })
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    // Every payload of this module is short.
    let [_, length @ ..] = (payload.len() as u32).to_be_bytes();
    [&length[..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// The header block of a response without a message, which needs no state of HPACK (RFC 7541): an entry of its static
/// table, and literals without indexing.
fn unimplemented() -> Vec<u8> {
    const STATUS_200: u8 = 0x88;
    let fields = [("content-type", "application/grpc"), ("grpc-status", "12"), ("grpc-message", MESSAGE)];
    let mut block = vec![STATUS_200];
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            // Shorter than 127 bytes, so the length is one byte.
            block.push(text.len() as u8);
            block.extend_from_slice(text.as_bytes());
        }
    }
    block
}
