//! Writers of large, slow and endless data.

use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use crate::case::ConnectionAction;

/// The size of the endless data in the table.
pub const GIGABYTE: u64 = 1024 * 1024 * 1024;

/// Repeats a piece up to `total` bytes, or slightly fewer.
pub fn repeat(to: &mut dyn Write, piece: &[u8], total: u64) -> io::Result<()> {
    // Large blocks, so that system calls do not dominate the time.
    let block = piece.repeat((64 * 1024 / piece.len()).max(1));
    for _ in 0..total / block.len() as u64 {
        to.write_all(&block)?;
    }
    to.flush()
}

/// Repeats a piece until the client closes the connection.
pub fn repeat_forever(to: &mut dyn Write, piece: &[u8]) -> io::Result<ConnectionAction> {
    loop {
        repeat(to, piece, GIGABYTE)?;
    }
}

/// Writes a piece every 20 ms until the client closes the connection.
pub fn drip(to: &mut dyn Write, piece: &[u8]) -> io::Result<()> {
    loop {
        to.write_all(piece)?;
        to.flush()?;
        thread::sleep(Duration::from_millis(20));
    }
}

/// Writes a text byte by byte.
pub fn write_bytewise(to: &mut dyn Write, text: &str) -> io::Result<()> {
    for byte in text.as_bytes() {
        to.write_all(&[*byte])?;
        to.flush()?;
    }
    Ok(())
}

/// Writes a body of `total` bytes in chunks of 64 KiB, each a repeated piece.
pub fn chunks(to: &mut dyn Write, piece: &[u8], total: u64) -> io::Result<()> {
    let chunk = piece.repeat(64 * 1024 / piece.len());
    let framed = [format!("{:x}\r\n", chunk.len()).as_bytes(), &chunk, b"\r\n"].concat();
    for _ in 0..total / chunk.len() as u64 {
        to.write_all(&framed)?;
    }
    to.flush()
}
