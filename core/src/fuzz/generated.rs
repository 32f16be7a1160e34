//! The fuzz targets with inputs of proptest: arbitrary bytes, and mutated seeds.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::seeds;

/// A mutation of an input.
#[derive(Debug, Clone)]
enum Mutation {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Cut(Index, usize),
    Repeat(Index, usize),
    /// Continues with the end of another seed.
    Splice(Index, Vec<u8>, Index),
}

fn mutation(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Mutation> {
    let piece = select(vec![
        "", "\"", "\\u0022", ",", ":", "{", "}", "[", "]", "null", "1e9", "-1", ".", "..", "/", "%2f", "%00",
        "&", "=", "?", "#", "\n", " ", "ä", "\u{202e}", "\u{0}", "type", "exp", "aud", "crit", "state",
        "code", "v1,", "error",
    ]);
    let piece = prop_oneof![piece.prop_map(|text| text.as_bytes().to_vec()), vec(any::<u8>(), 1..4)];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Set(at, byte)),
        (any::<Index>(), piece).prop_map(|(at, piece)| Mutation::Insert(at, piece)),
        (any::<Index>(), 1..20_usize).prop_map(|(at, length)| Mutation::Cut(at, length)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Mutation::Repeat(at, length)),
        (any::<Index>(), select(seeds), any::<Index>())
            .prop_map(|(at, seed, from)| Mutation::Splice(at, seed, from)),
    ]
}

fn apply(mut input: Vec<u8>, mutation: Mutation) -> Vec<u8> {
    let position = |at: Index, length: usize| at.index(length + 1);
    match mutation {
        Mutation::Set(at, byte) if !input.is_empty() => {
            let at = at.index(input.len());
            input[at] = byte;
        }
        Mutation::Set(_, byte) => input.push(byte),
        Mutation::Insert(at, piece) => {
            let at = position(at, input.len());
            input.splice(at..at, piece);
        }
        Mutation::Cut(at, length) => {
            let at = position(at, input.len());
            input.drain(at..(at + length).min(input.len()));
        }
        Mutation::Repeat(at, length) => {
            let at = position(at, input.len());
            let piece = input[at..(at + length).min(input.len())].to_vec();
            input.splice(at..at, piece);
        }
        Mutation::Splice(at, seed, from) => {
            input.truncate(position(at, input.len()));
            input.extend_from_slice(&seed[position(from, seed.len())..]);
        }
    }
    input
}

fn mutated(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let mutations = vec(mutation(seeds.clone()), 0..5);
    (select(seeds), mutations).prop_map(|(seed, mutations)| mutations.into_iter().fold(seed, apply))
}

fn run_target(name: &str) {
    let (_, target, seeds) = seeds::all().into_iter().find(|(own, ..)| *own == name).unwrap();
    proptest!(|(input in prop_oneof![1 => vec(any::<u8>(), 0..400), 9 => mutated(seeds)])| target(&input));
}

#[cfg(feature = "dispatch")]
#[test]
fn arguments_target_holds_for_generated_inputs() {
    run_target("arguments");
}

#[test]
fn tokens_target_holds_for_generated_inputs() {
    run_target("tokens");
}

#[test]
fn webhooks_target_holds_for_generated_inputs() {
    run_target("webhooks");
}

#[test]
fn errors_target_holds_for_generated_inputs() {
    run_target("errors");
}

#[test]
fn urls_target_holds_for_generated_inputs() {
    run_target("urls");
}

#[test]
fn callbacks_target_holds_for_generated_inputs() {
    run_target("callbacks");
}
