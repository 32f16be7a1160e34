//! Everything that goes wrong, one line each.

mod bodies;
mod connections;
mod encodings;
mod heads;
mod lengths;
mod redirects;
mod secure;
mod write;

use crate::case::{Case, End, Fault, Scene, Then};
use crate::raw::Stream;
use std::io::{self, Write};

/// All of them.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    [
        connections::CASES,
        secure::CASES,
        heads::CASES,
        lengths::CASES,
        bodies::CASES,
        encodings::CASES,
        redirects::CASES,
    ]
    .into_iter()
    .flatten()
}

/// The one of this name.
pub fn case(name: &str) -> Option<&'static Case> {
    cases().find(|case| case.name == name)
}

/// Something happens to the connection.
const fn line(name: &'static str, end: End, fault: fn(&mut dyn Stream) -> io::Result<Then>) -> Case {
    Case::new(name, end, Fault::Connection(fault))
}

/// Something is said in place of an answer.
const fn says(name: &'static str, end: End, text: &'static str, then: Then) -> Case {
    Case::new(name, end, Fault::Says(text, then))
}

/// Something is done in place of an answer.
const fn does(name: &'static str, end: End, what: fn(&Scene, &mut dyn Write) -> io::Result<Then>) -> Case {
    Case::new(name, end, Fault::Does(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_and_each_is_there_once() {
        let mut names: Vec<_> = cases().map(|case| case.name).collect();
        for name in &names {
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{name}");
            assert_eq!(case(name).map(|case| case.name), Some(*name));
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
