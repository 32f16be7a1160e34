//! The table of all fault cases.

mod bodies;
mod connections;
mod encodings;
mod heads;
mod lengths;
mod redirects;
mod secure;
mod write;

use crate::case::{Case, ConnectionAction, Ending, Fault, ResponseContext};
use crate::raw::Stream;
use std::io::{self, Write};

/// All cases.
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

/// The case with this name.
pub fn case(name: &str) -> Option<&'static Case> {
    cases().find(|case| case.name == name)
}

/// A fault of a plain connection.
const fn line(
    name: &'static str,
    end: Ending,
    fault: fn(&mut dyn Stream) -> io::Result<ConnectionAction>,
) -> Case {
    Case::new(name, end, Fault::Connection(fault))
}

/// A text sent in place of a response.
const fn send_text(name: &'static str, end: Ending, text: &'static str, action: ConnectionAction) -> Case {
    Case::new(name, end, Fault::Text(text, action))
}

/// A function that writes in place of a response.
const fn send_with(
    name: &'static str,
    end: Ending,
    what: fn(&ResponseContext, &mut dyn Write) -> io::Result<ConnectionAction>,
) -> Case {
    Case::new(name, end, Fault::Custom(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_names_are_valid_and_unique() {
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
