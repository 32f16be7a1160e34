//! The crates that a built library consists of.

use std::collections::BTreeSet;

use crate::shell::{Result, Shell};

/// A crate's name and version.
pub type Crate = (String, String);

/// One target of each kind that libraries are built for. They differ in a few crates.
pub const TARGETS: [&str; 5] = [
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-linux-android",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
];

/// The crates whose code is in the library of `package` for `target`: no build dependencies, no procedural macros.
pub fn list(shell: &Shell, package: &str, target: &str) -> Result<BTreeSet<Crate>> {
    let mut tree = shell.command(env!("CARGO"));
    tree.args(["tree", "--locked", "--package", package, "--edges", "normal,no-proc-macro"]);
    tree.args(["--prefix", "none", "--format", "{p}", "--target", target]);
    Ok(parse(&shell.output(&mut tree)?))
}

/// Parses lines such as `ring v0.17.14`, which may end in an annotation.
fn parse(tree: &str) -> BTreeSet<Crate> {
    let words = tree.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let crates = words.filter_map(|words| {
        Some(((*words.first()?).to_owned(), words.get(1)?.strip_prefix('v')?.to_owned()))
    });
    crates.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_crates_are_listed_once() {
        let tree = "scalekit v0.1.0 (/somewhere)\nring v0.17.14\nring v0.17.14 (*)\n\n";
        let expected = [("ring", "0.17.14"), ("scalekit", "0.1.0")];
        let expected = expected.map(|(name, version)| (name.to_owned(), version.to_owned()));
        assert_eq!(parse(tree), BTreeSet::from(expected));
    }
}
