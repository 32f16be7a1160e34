//! Ways to write more than anybody asked for.

use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use crate::case::Then;

/// As much as the table calls endless.
pub const GIGABYTE: u64 = 1024 * 1024 * 1024;

/// Writes a piece again and again, so many bytes in all or a little less.
pub fn repeat(to: &mut dyn Write, piece: &[u8], total: u64) -> io::Result<()> {
    // System calls should not be what takes the time.
    let block = piece.repeat((64 * 1024 / piece.len()).max(1));
    for _ in 0..total / block.len() as u64 {
        to.write_all(&block)?;
    }
    to.flush()
}

/// Writes a piece again and again, until nobody takes it any more.
pub fn endlessly(to: &mut dyn Write, piece: &[u8]) -> io::Result<Then> {
    loop {
        repeat(to, piece, GIGABYTE)?;
    }
}

/// Writes pieces, each soon after the one before, for as long as somebody takes them.
pub fn drip(to: &mut dyn Write, piece: &[u8]) -> io::Result<()> {
    loop {
        to.write_all(piece)?;
        to.flush()?;
        thread::sleep(Duration::from_millis(20));
    }
}

/// Writes byte by byte.
pub fn dribble(to: &mut dyn Write, text: &str) -> io::Result<()> {
    for byte in text.as_bytes() {
        to.write_all(&[*byte])?;
        to.flush()?;
    }
    Ok(())
}

/// Writes a body in chunks of 64 KiB, each of one piece repeated, so many bytes in all.
pub fn chunks(to: &mut dyn Write, piece: &[u8], total: u64) -> io::Result<()> {
    let chunk = piece.repeat(64 * 1024 / piece.len());
    let framed = [format!("{:x}\r\n", chunk.len()).as_bytes(), &chunk, b"\r\n"].concat();
    for _ in 0..total / chunk.len() as u64 {
        to.write_all(&framed)?;
    }
    to.flush()
}
