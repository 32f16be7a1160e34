//! The same, with inputs that proptest makes: any bytes, and seeds that were cut, joined and overwritten.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::seeds;

/// One edit of an input.
#[derive(Debug, Clone)]
enum Edit {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Cut(Index, usize),
    Repeat(Index, usize),
    /// The end of another seed.
    Splice(Index, Vec<u8>, Index),
}

fn edit(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Edit> {
    let piece = select(vec![
        "", "\"", "\\u0022", ",", ":", "{", "}", "[", "]", "null", "1e9", "-1", ".", "..", "/", "%2f", "%00",
        "&", "=", "?", "#", "\n", " ", "ä", "\u{202e}", "\u{0}", "type", "exp", "aud", "crit", "state",
        "code", "v1,", "error",
    ]);
    let piece = prop_oneof![piece.prop_map(|text| text.as_bytes().to_vec()), vec(any::<u8>(), 1..4)];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        (any::<Index>(), piece).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        (any::<Index>(), 1..20_usize).prop_map(|(at, length)| Edit::Cut(at, length)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Edit::Repeat(at, length)),
        (any::<Index>(), select(seeds), any::<Index>())
            .prop_map(|(at, seed, from)| Edit::Splice(at, seed, from)),
    ]
}

fn apply(mut input: Vec<u8>, edit: Edit) -> Vec<u8> {
    let place = |at: Index, length: usize| at.index(length + 1);
    match edit {
        Edit::Set(at, byte) if !input.is_empty() => {
            let at = at.index(input.len());
            input[at] = byte;
        }
        Edit::Set(_, byte) => input.push(byte),
        Edit::Insert(at, piece) => {
            let at = place(at, input.len());
            input.splice(at..at, piece);
        }
        Edit::Cut(at, length) => {
            let at = place(at, input.len());
            input.drain(at..(at + length).min(input.len()));
        }
        Edit::Repeat(at, length) => {
            let at = place(at, input.len());
            let piece = input[at..(at + length).min(input.len())].to_vec();
            input.splice(at..at, piece);
        }
        Edit::Splice(at, seed, from) => {
            input.truncate(place(at, input.len()));
            input.extend_from_slice(&seed[place(from, seed.len())..]);
        }
    }
    input
}

fn edited(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let edits = vec(edit(seeds.clone()), 0..5);
    (select(seeds), edits).prop_map(|(seed, edits)| edits.into_iter().fold(seed, apply))
}

fn play(name: &str) {
    let (_, target, seeds) = seeds::all().into_iter().find(|(own, ..)| *own == name).unwrap();
    proptest!(|(input in prop_oneof![1 => vec(any::<u8>(), 0..400), 9 => edited(seeds)])| target(&input));
}

#[test]
fn tokens() {
    play("tokens");
}

#[test]
fn webhooks() {
    play("webhooks");
}

#[test]
fn errors() {
    play("errors");
}

#[test]
fn urls() {
    play("urls");
}

#[test]
fn callbacks() {
    play("callbacks");
}
