//! Checks that tests/DEMANDS.md is complete and names existing tests.

use std::fs;
use std::path::Path;

const DOCUMENT: &str = include_str!("DEMANDS.md");
const DEMANDS: usize = 30;

/// The numbered sections.
fn sections() -> Vec<(usize, &'static str)> {
    let sections = DOCUMENT.split("\n## ").skip(1);
    sections
        .map(|section| (section.split('.').next().and_then(|n| n.parse().ok()).unwrap_or(0), section))
        .collect()
}

/// The list items of a section, each with its continuation lines.
fn items(section: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in section.lines() {
        match (line.strip_prefix("- "), line.strip_prefix("  "), items.last_mut()) {
            (Some(item), ..) => items.push(item.to_owned()),
            (None, Some(more), Some(item)) => *item += &format!(" {more}"),
            _ => {}
        }
    }
    items
}

/// The texts in backticks.
fn quoted(item: &str) -> impl Iterator<Item = &str> {
    item.split('`').skip(1).step_by(2)
}

fn is_path(text: &str) -> bool {
    text.contains('/') && !text.contains(' ') && Path::new(text).extension().is_some()
}

/// Whether a file contains a test of this name, or for other files this text.
fn contains_test(file: &str, path: &str, name: &str) -> bool {
    let kind = Path::new(path).extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    let found = match kind {
        "rs" => file.contains(&format!("fn {name}(")),
        "py" => file.contains(&format!("def {name}(")),
        "kt" => file.contains(&format!("fun `{name}`")),
        "java" => file.contains(&format!("void {name}(")),
        "swift" if path.contains("/Tests/") => file.contains(&format!("func {name}(")),
        _ => file.contains(name),
    };
    found || (kind == "rs" && path.starts_with("bindings/xtask/") && file.contains(&format!("\"{name}\"")))
}

#[test]
fn every_demand_is_listed_in_order() {
    let numbers: Vec<usize> = sections().into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, (1..=DEMANDS).collect::<Vec<_>>());
}

#[test]
fn every_demand_names_a_test_or_a_substitute() {
    for (number, section) in sections() {
        let tests = items(section).iter().filter(|item| quoted(item).any(is_path)).count();
        assert!(tests > 0, "demand {number} names no test");
    }
}

#[test]
fn every_listed_test_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    for (number, section) in sections() {
        for item in items(section) {
            let mut file = None;
            for word in quoted(&item) {
                if is_path(word) {
                    file = fs::read_to_string(root.join(word)).ok().map(|text| (word.to_owned(), text));
                    missing.extend(file.is_none().then(|| format!("{number}: {word}")));
                } else if let Some((path, _)) =
                    file.as_ref().filter(|(path, text)| !contains_test(text, path, word))
                {
                    missing.push(format!("{number}: {word} in {path}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "these entries do not exist:\n{}", missing.join("\n"));
}
