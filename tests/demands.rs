//! The map of demands, tests/DEMANDS.md, is complete, and names tests that exist.

use std::fs;
use std::path::Path;

const MAP: &str = include_str!("DEMANDS.md");
const DEMANDS: usize = 30;

/// The parts of the map, each with its number.
fn parts() -> Vec<(usize, &'static str)> {
    let parts = MAP.split("\n## ").skip(1);
    parts.map(|part| (part.split('.').next().and_then(|n| n.parse().ok()).unwrap_or(0), part)).collect()
}

/// The lines of a part that name tests: lists, each item with its further lines.
fn items(part: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in part.lines() {
        match (line.strip_prefix("- "), line.strip_prefix("  "), items.last_mut()) {
            (Some(item), ..) => items.push(item.to_owned()),
            (None, Some(more), Some(item)) => *item += &format!(" {more}"),
            _ => {}
        }
    }
    items
}

/// What stands in backticks.
fn quoted(item: &str) -> impl Iterator<Item = &str> {
    item.split('`').skip(1).step_by(2)
}

fn is_path(text: &str) -> bool {
    text.contains('/') && !text.contains(' ') && Path::new(text).extension().is_some()
}

/// Whether a file has a test, or else a word, of this name.
fn has(file: &str, path: &str, name: &str) -> bool {
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
fn every_demand_is_in_the_map_in_its_order() {
    let numbers: Vec<usize> = parts().into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, (1..=DEMANDS).collect::<Vec<_>>());
}

#[test]
fn every_demand_has_a_test_or_something_in_its_place() {
    for (number, part) in parts() {
        let tests = items(part).iter().filter(|item| quoted(item).any(is_path)).count();
        assert!(tests > 0, "{number} names no test");
    }
}

#[test]
fn every_test_in_the_map_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    for (number, part) in parts() {
        for item in items(part) {
            let mut file = None;
            for word in quoted(&item) {
                if is_path(word) {
                    file = fs::read_to_string(root.join(word)).ok().map(|text| (word.to_owned(), text));
                    missing.extend(file.is_none().then(|| format!("{number}: {word}")));
                } else if let Some((path, _)) = file.as_ref().filter(|(path, text)| !has(text, path, word)) {
                    missing.push(format!("{number}: {word} in {path}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "what the map names is not there:\n{}", missing.join("\n"));
}
