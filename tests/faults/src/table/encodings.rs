//! Answers that are packed: too much, badly, or in a way that nobody asked for.

use std::io::{self, Write};
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::write::{self, GIGABYTE};
use super::{does, says};
use crate::case::{Case, End, End::*, Scene, Then};

/// A gigabyte of blanks, once packed.
static GZIP: LazyLock<Vec<u8>> = LazyLock::new(|| {
    gigabyte(
        GzEncoder::new(Vec::new(), Compression::fast()),
        |encoder| encoder.get_ref().len(),
        |encoder| encoder.get_ref().clone(),
    )
});

/// The same, packed twice: a few kilobytes.
static GZIP_TWICE: LazyLock<Vec<u8>> = LazyLock::new(|| gzip(|to| to.write_all(&GZIP)));

static BROTLI: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let encoder = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 1, 22);
    gigabyte(encoder, |encoder| encoder.get_ref().len(), |encoder| encoder.get_ref().clone())
});

/// Packs as much as a client unpacks at most, and repeats the last part: what goes beyond is never looked at closely.
fn gigabyte<E: Write>(mut encoder: E, length: fn(&E) -> usize, packed: fn(&E) -> Vec<u8>) -> Vec<u8> {
    let mut part = || {
        write::repeat(&mut encoder, b" ", PART).unwrap();
        length(&encoder)
    };
    let (begin, end) = (part(), part());
    let packed = packed(&encoder);
    let again = packed[begin..end].repeat(usize::try_from(GIGABYTE / PART).unwrap());
    [packed, again].concat()
}

/// One part of a gigabyte.
const PART: u64 = 16 * 1024 * 1024;

fn gzip(fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    fill(&mut encoder).unwrap();
    encoder.finish().unwrap()
}

fn packed(to: &mut dyn Write, status: u16, encoding: &str, body: &[u8]) -> io::Result<Then> {
    crate::raw::respond(to, status, &[("content-encoding", encoding)], body).map(|_| Then::Keep)
}

/// The same, and says that it is the last answer: else a call that follows could meet the end of the connection.
fn packed_last(to: &mut dyn Write, encoding: &str, body: &[u8]) -> io::Result<Then> {
    let headers = [("content-encoding", encoding), ("connection", "close")];
    crate::raw::respond(to, 200, &headers, body).map(|_| Then::Close)
}

const fn bomb(name: &'static str, end: End, what: fn(&Scene, &mut dyn Write) -> io::Result<Then>) -> Case {
    does(name, end, what).heavy()
}

pub const CASES: &[Case] = &[
    does("answers_in_gzip", Answer, |scene, to| {
        packed(to, 200, "gzip", &gzip(|to| to.write_all(scene.good().as_bytes())))
    }),
    does("answers_in_gzip_cut_short", Broken, |scene, to| {
        let whole = gzip(|to| to.write_all(scene.good().as_bytes()));
        packed_last(to, "gzip", &whole[..whole.len() - 9])
    }),
    does("closes_in_an_answer_in_gzip", Broken, |scene, to| {
        let whole = gzip(|to| to.write_all(scene.good().as_bytes()));
        to.write_all(
            scene.fill("{ok}content-encoding: gzip\r\ncontent-length: {longer}\r\n\r\n").as_bytes(),
        )?;
        to.write_all(&whole[..whole.len() - 9]).map(|()| Then::Close)
    }),
    does("resets_in_an_answer_in_gzip", Broken, |scene, to| {
        let whole = gzip(|to| to.write_all(scene.good().as_bytes()));
        to.write_all(
            scene.fill("{ok}content-encoding: gzip\r\ncontent-length: {longer}\r\n\r\n").as_bytes(),
        )?;
        to.write_all(&whole[..whole.len() - 9]).map(|()| Then::Reset)
    }),
    does("answers_in_gzip_with_a_wrong_sum", Unreadable, |scene, to| {
        let mut whole = gzip(|to| to.write_all(scene.good().as_bytes()));
        let sum = whole.len() - 8;
        whole[sum] ^= 1;
        packed(to, 200, "gzip", &whole)
    }),
    says(
        "calls_plain_text_gzip",
        Unreadable,
        "{ok}content-encoding: gzip\r\ncontent-length: {length}\r\n\r\n{body}",
        Then::Keep,
    ),
    says(
        "calls_plain_text_brotli",
        Unreadable,
        "{ok}content-encoding: br\r\ncontent-length: {length}\r\n\r\n{body}",
        Then::Keep,
    ),
    does("answers_in_an_encoding_that_nobody_asked_for", Unreadable, |_, to| {
        packed(to, 200, "zstd", b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00")
    }),
    says(
        "calls_plain_text_something_else",
        Answer,
        "{ok}content-encoding: xyz\r\ncontent-length: {length}\r\n\r\n{body}",
        Then::Keep,
    ),
    bomb("unpacks_to_a_gigabyte", Unreadable, |_, to| packed(to, 200, "gzip", &GZIP)),
    bomb("unpacks_brotli_to_a_gigabyte", Unreadable, |_, to| {
        // All of it fits into one packet.
        packed_last(to, "br", &BROTLI)
    }),
    bomb("unpacks_twice_to_a_gigabyte", Unreadable, |_, to| packed_last(to, "gzip, gzip", &GZIP_TWICE)),
    bomb("fails_and_unpacks_to_a_gigabyte", Refused(404), |_, to| packed(to, 404, "gzip", &GZIP)),
];
