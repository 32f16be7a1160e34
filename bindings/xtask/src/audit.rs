//! Compares `core/AUDIT.md` with the crates that are shipped, so that a stale note fails `make check`.

use std::collections::BTreeSet;

use crate::shell::{Result, Shell};
use crate::shipped_crates::{self, Crate};

const NOTES: &str = "core/AUDIT.md";

/// The heading of the crates that have no note of their own.
const REST: &str = "## The rest";

/// The crates of this repository, which need no note.
const OWN: [&str; 3] = ["scalekit", "scalekit-c", "scalekit-ffi"];

pub fn check(shell: &Shell) -> Result {
    let problems = problems(&std::fs::read_to_string(shell.root.join(NOTES))?, &shipped(shell)?);
    if problems.is_empty() { Ok(()) } else { Err(format!("{NOTES}: {}", problems.join("; ")).into()) }
}

/// The crates that are shipped on any target.
fn shipped(shell: &Shell) -> Result<BTreeSet<Crate>> {
    let mut all = BTreeSet::new();
    for target in shipped_crates::TARGETS {
        for package in ["scalekit-ffi", "scalekit-c"] {
            all.extend(shipped_crates::list(shell, package, target)?);
        }
    }
    all.retain(|(name, _)| !OWN.contains(&name.as_str()));
    Ok(all)
}

/// Each shipped crate must have a note of its version or be named under the rest; other crates must not be mentioned.
fn problems(notes: &str, shipped: &BTreeSet<Crate>) -> Vec<String> {
    let (notes, rest) = notes.split_once(REST).unwrap_or((notes, ""));
    let headings = notes.lines().filter_map(|line| line.strip_prefix("### ")?.split_once(' '));
    let noted: BTreeSet<Crate> =
        headings.map(|(name, version)| (name.to_owned(), version.to_owned())).collect();
    let rest: BTreeSet<&str> = rest.split('`').skip(1).step_by(2).collect();
    let mut problems = Vec::new();
    for note @ (name, version) in &noted {
        if !shipped.contains(note) {
            let current = shipped.iter().filter(|(shipped, _)| shipped == name);
            let current = current.map(|(_, version)| version.as_str()).collect::<Vec<_>>().join(" and ");
            let current = if current.is_empty() { "no version" } else { &current };
            problems.push(format!("the note on {name} is about {version}, but {current} is shipped"));
        }
    }
    let unknown = shipped.difference(&noted).filter(|(name, _)| !rest.contains(name.as_str()));
    problems.extend(unknown.map(|(name, version)| format!("{name} {version} has not been audited")));
    let shipped: BTreeSet<&str> = shipped.iter().map(|(name, _)| name.as_str()).collect();
    problems.extend(rest.difference(&shipped).map(|name| format!("{name} is no longer shipped")));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: &str =
        "# Notes\n### ring 0.17.14\nIt signs.\n\n## The rest\n- Small: `want`, `slab`\n  and `log`.\n";

    fn problems_with(crates: &[(&str, &str)]) -> Vec<String> {
        let crates = crates.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned()));
        problems(NOTES, &crates.collect())
    }

    #[test]
    fn stale_and_missing_notes_are_reported() {
        let rest = [("want", "1.0.0"), ("slab", "0.4.0"), ("log", "0.4.0")];
        let with_rest = |first: &[(&'static str, &'static str)]| [first, &rest].concat();
        assert_eq!(problems_with(&with_rest(&[("ring", "0.17.14")])), [""; 0]);
        let newer = problems_with(&with_rest(&[("ring", "0.17.15")]));
        assert_eq!(newer[0], "the note on ring is about 0.17.14, but 0.17.15 is shipped");
        let removed = problems_with(&rest);
        assert_eq!(removed[0], "the note on ring is about 0.17.14, but no version is shipped");
        let unknown = problems_with(&with_rest(&[("ring", "0.17.14"), ("novel", "1.0.0")]));
        assert_eq!(unknown, ["novel 1.0.0 has not been audited"]);
        let dropped = problems_with(&[("ring", "0.17.14"), rest[0], rest[1]]);
        assert_eq!(dropped, ["log is no longer shipped"]);
    }
}
