//! Holds `core/AUDIT.md` against the crates that are shipped, so that it goes stale loudly.

use std::collections::BTreeSet;
use std::error::Error;

use crate::shell::{Done, Shell};
use crate::shipped_tree::{self, Crate};

const NOTES: &str = "core/AUDIT.md";
const REST: &str = "## The rest";

/// Our own crates need no note.
const OURS: [&str; 2] = ["scalekit", "scalekit-ffi"];

pub fn check(shell: &Shell) -> Done {
    let faults = faults(&std::fs::read_to_string(shell.root.join(NOTES))?, &shipped(shell)?);
    if faults.is_empty() { Ok(()) } else { Err(format!("{NOTES}: {}", faults.join("; ")).into()) }
}

/// What is shipped on any system.
fn shipped(shell: &Shell) -> Result<BTreeSet<Crate>, Box<dyn Error>> {
    let mut all = BTreeSet::new();
    for system in shipped_tree::SYSTEMS {
        all.extend(shipped_tree::of(shell, system)?);
    }
    all.retain(|(name, _)| !OURS.contains(&name.as_str()));
    Ok(all)
}

/// Each shipped crate has a note of its version, or its name is among the rest; and nothing else is there.
fn faults(notes: &str, shipped: &BTreeSet<Crate>) -> Vec<String> {
    let (notes, rest) = notes.split_once(REST).unwrap_or((notes, ""));
    let headings = notes.lines().filter_map(|line| line.strip_prefix("### ")?.split_once(' '));
    let noted: BTreeSet<Crate> =
        headings.map(|(name, version)| (name.to_owned(), version.to_owned())).collect();
    let rest: BTreeSet<&str> = rest.split('`').skip(1).step_by(2).collect();
    let mut faults = Vec::new();
    for note @ (name, version) in &noted {
        if !shipped.contains(note) {
            let now = shipped.iter().filter(|(shipped, _)| shipped == name).map(|(_, now)| now.as_str());
            let now = now.collect::<Vec<_>>().join(" and ");
            let now = if now.is_empty() { "gone" } else { &now };
            faults.push(format!("the note on {name} is about {version}, which is {now} now"));
        }
    }
    let unknown = shipped.difference(&noted).filter(|(name, _)| !rest.contains(name.as_str()));
    faults.extend(unknown.map(|(name, version)| format!("nobody has looked at {name} {version}")));
    let shipped: BTreeSet<&str> = shipped.iter().map(|(name, _)| name.as_str()).collect();
    faults.extend(rest.difference(&shipped).map(|name| format!("{name} is not shipped any more")));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "# Notes\n### ring 0.17.14\nIt signs.\n\n## The rest\n- Small: `want`, `slab`\n  and `log`.\n";

    fn with(crates: &[(&str, &str)]) -> Vec<String> {
        let crates = crates.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned()));
        faults(TEXT, &crates.collect())
    }

    #[test]
    fn what_is_stale_is_said() {
        let rest = [("want", "1.0.0"), ("slab", "0.4.0"), ("log", "0.4.0")];
        let and = |first: &[(&'static str, &'static str)]| [first, &rest].concat();
        assert_eq!(with(&and(&[("ring", "0.17.14")])), [""; 0]);
        let newer = with(&and(&[("ring", "0.17.15")]));
        assert_eq!(newer[0], "the note on ring is about 0.17.14, which is 0.17.15 now");
        assert_eq!(with(&rest)[0], "the note on ring is about 0.17.14, which is gone now");
        let unknown = with(&and(&[("ring", "0.17.14"), ("novel", "1.0.0")]));
        assert_eq!(unknown, ["nobody has looked at novel 1.0.0"]);
        assert_eq!(with(&[("ring", "0.17.14"), rest[0], rest[1]]), ["log is not shipped any more"]);
    }
}
