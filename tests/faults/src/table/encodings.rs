//! Compressed responses: decompression bombs, invalid data, and encodings that the client did not request.

use std::io::{self, Write};
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::write::{self, GIGABYTE};
use super::{send_text, send_with};
use crate::case::{Case, ConnectionAction, Ending, Ending::*, ResponseContext};

/// A gigabyte of spaces, compressed once.
static GZIP: LazyLock<Vec<u8>> = LazyLock::new(|| {
    gigabyte(
        GzEncoder::new(Vec::new(), Compression::fast()),
        |encoder| encoder.get_ref().len(),
        |encoder| encoder.get_ref().clone(),
    )
});

/// A gigabyte of spaces, compressed twice to a few kilobytes.
static GZIP_TWICE: LazyLock<Vec<u8>> = LazyLock::new(|| gzip(|to| to.write_all(&GZIP)));

static BROTLI: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let encoder = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 1, 22);
    gigabyte(encoder, |encoder| encoder.get_ref().len(), |encoder| encoder.get_ref().clone())
});

/// Compresses as much as a client decompresses at most, and repeats the last part, since a client never decodes the rest.
fn gigabyte<E: Write>(mut encoder: E, length: fn(&E) -> usize, compressed: fn(&E) -> Vec<u8>) -> Vec<u8> {
    let mut part = || {
        write::repeat(&mut encoder, b" ", PART).unwrap();
        length(&encoder)
    };
    let (begin, end) = (part(), part());
    let compressed = compressed(&encoder);
    let again = compressed[begin..end].repeat(usize::try_from(GIGABYTE / PART).unwrap());
    [compressed, again].concat()
}

/// The size of a part of the gigabyte.
const PART: u64 = 16 * 1024 * 1024;

fn gzip(fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    fill(&mut encoder).unwrap();
    encoder.finish().unwrap()
}

fn compressed(to: &mut dyn Write, status: u16, encoding: &str, body: &[u8]) -> io::Result<ConnectionAction> {
    crate::raw::respond(to, status, &[("content-encoding", encoding)], body).map(|_| ConnectionAction::Keep)
}

/// Like `compressed`, with `connection: close`, so that the next call does not use a connection that is about to close.
fn compressed_and_closed(to: &mut dyn Write, encoding: &str, body: &[u8]) -> io::Result<ConnectionAction> {
    let headers = [("content-encoding", encoding), ("connection", "close")];
    crate::raw::respond(to, 200, &headers, body).map(|_| ConnectionAction::Close)
}

const fn bomb(
    name: &'static str,
    end: Ending,
    what: fn(&ResponseContext, &mut dyn Write) -> io::Result<ConnectionAction>,
) -> Case {
    send_with(name, end, what).heavy()
}

pub const CASES: &[Case] = &[
    send_with("gzip_body", Success, |context, to| {
        compressed(to, 200, "gzip", &gzip(|to| to.write_all(context.good_body().as_bytes())))
    }),
    send_with("truncated_gzip_body", Broken, |context, to| {
        let whole = gzip(|to| to.write_all(context.good_body().as_bytes()));
        compressed_and_closed(to, "gzip", &whole[..whole.len() - 9])
    }),
    send_with("close_in_gzip_body", Broken, |context, to| {
        let whole = gzip(|to| to.write_all(context.good_body().as_bytes()));
        to.write_all(
            context.fill("{ok}content-encoding: gzip\r\ncontent-length: {longer}\r\n\r\n").as_bytes(),
        )?;
        to.write_all(&whole[..whole.len() - 9]).map(|()| ConnectionAction::Close)
    }),
    send_with("reset_in_gzip_body", Broken, |context, to| {
        let whole = gzip(|to| to.write_all(context.good_body().as_bytes()));
        to.write_all(
            context.fill("{ok}content-encoding: gzip\r\ncontent-length: {longer}\r\n\r\n").as_bytes(),
        )?;
        to.write_all(&whole[..whole.len() - 9]).map(|()| ConnectionAction::Reset)
    }),
    send_with("gzip_body_with_wrong_checksum", Undecodable, |context, to| {
        let mut whole = gzip(|to| to.write_all(context.good_body().as_bytes()));
        let checksum = whole.len() - 8;
        whole[checksum] ^= 1;
        compressed(to, 200, "gzip", &whole)
    }),
    send_text(
        "plain_body_declared_as_gzip",
        Undecodable,
        "{ok}content-encoding: gzip\r\ncontent-length: {length}\r\n\r\n{body}",
        ConnectionAction::Keep,
    ),
    send_text(
        "plain_body_declared_as_brotli",
        Undecodable,
        "{ok}content-encoding: br\r\ncontent-length: {length}\r\n\r\n{body}",
        ConnectionAction::Keep,
    ),
    send_with("unrequested_zstd_body", Undecodable, |_, to| {
        compressed(to, 200, "zstd", b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00")
    }),
    send_text(
        "plain_body_with_unknown_encoding",
        Success,
        "{ok}content-encoding: xyz\r\ncontent-length: {length}\r\n\r\n{body}",
        ConnectionAction::Keep,
    ),
    bomb("gzip_bomb_of_a_gigabyte", Undecodable, |_, to| compressed(to, 200, "gzip", &GZIP)),
    bomb("brotli_bomb_of_a_gigabyte", Undecodable, |_, to| {
        // The whole body fits into one packet.
        compressed_and_closed(to, "br", &BROTLI)
    }),
    bomb("double_gzip_bomb_of_a_gigabyte", Undecodable, |_, to| {
        compressed_and_closed(to, "gzip, gzip", &GZIP_TWICE)
    }),
    bomb("gzip_bomb_of_a_gigabyte_in_error_body", Status(404), |_, to| compressed(to, 404, "gzip", &GZIP)),
];
