//! The README's table of areas and operations, generated from `operations()`.

use std::fmt::Write as _;

use crate::shell::{Result, Shell};

const BEGIN: &str = "<!-- operations: written by `cargo xtask api` -->\n";
const END: &str = "<!-- end of operations -->";

pub fn write(shell: &Shell) -> Result {
    let path = shell.root.join("README.md");
    let readme = std::fs::read_to_string(&path)?;
    Ok(std::fs::write(path, with_table(&readme)?)?)
}

pub fn is_current(shell: &Shell) -> Result<bool> {
    let readme = std::fs::read_to_string(shell.root.join("README.md"))?;
    Ok(with_table(&readme)? == readme)
}

fn with_table(readme: &str) -> Result<String> {
    let (before, rest) = readme.split_once(BEGIN).ok_or_else(|| format!("README.md lacks {BEGIN}"))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("README.md lacks {END}"))?;
    Ok(format!("{before}{BEGIN}{}{END}{after}", table()))
}

/// A row for each area, in the order of `operations()`.
fn table() -> String {
    let operations = scalekit::operations();
    let mut areas: Vec<(&str, Vec<&str>)> = Vec::new();
    for operation in &operations {
        let (area, name) = operation.id.split_once('.').unwrap_or(("", &operation.id));
        match areas.last_mut() {
            Some((last, names)) if *last == area => names.push(name),
            _ => areas.push((area, vec![name])),
        }
    }
    let mut table = String::from("| area | operations |\n|---|---|\n");
    for (area, names) in &areas {
        let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(table, "| `{area}` | {} |", names.join(" "));
    }
    let _ = writeln!(table, "\n{} operations in {} areas.", operations.len(), areas.len());
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_between_the_markers_is_replaced() {
        let readme = format!("# Title\n{BEGIN}old\n{END}\nafter\n");
        let filled = with_table(&readme).unwrap();
        assert!(filled.starts_with("# Title\n<!--") && filled.ends_with("-->\nafter\n"), "{filled}");
        assert!(
            filled.contains("| `organizations` | `list` `create`") && !filled.contains("old"),
            "{filled}"
        );
        assert!(with_table("nothing").is_err());
    }
}
