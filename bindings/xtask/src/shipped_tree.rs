//! The crates that a built library is made of.

use std::collections::BTreeSet;
use std::error::Error;

use crate::shell::Shell;

/// A crate's name and version.
pub type Crate = (String, String);

/// The systems that libraries are built for, one of each kind: they differ in a handful of crates.
pub const SYSTEMS: [&str; 5] = [
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-linux-android",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
];

/// The crates whose code is in the library for `target`: without what only builds it, macros among them.
pub fn of(shell: &Shell, target: &str) -> Result<BTreeSet<Crate>, Box<dyn Error>> {
    let mut tree = shell.command(env!("CARGO"));
    tree.args(["tree", "--locked", "--package", "scalekit-ffi", "--edges", "normal,no-proc-macro"]);
    tree.args(["--prefix", "none", "--format", "{p}", "--target", target]);
    Ok(read(&shell.output(&mut tree)?))
}

/// Lines such as `ring v0.17.14`, some with a remark behind.
fn read(tree: &str) -> BTreeSet<Crate> {
    let words = tree.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let named = words.filter_map(|words| {
        Some(((*words.first()?).to_owned(), words.get(1)?.strip_prefix('v')?.to_owned()))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_crate_is_read_once() {
        let tree = "scalekit v0.1.0 (/somewhere)\nring v0.17.14\nring v0.17.14 (*)\n\n";
        let expected = [("ring", "0.17.14"), ("scalekit", "0.1.0")];
        let expected = expected.map(|(name, version)| (name.to_owned(), version.to_owned()));
        assert_eq!(read(tree), BTreeSet::from(expected));
    }
}
