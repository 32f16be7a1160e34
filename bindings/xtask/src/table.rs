//! The README's table of areas and operations, made from `operations()`.

use std::error::Error;
use std::fmt::Write as _;

use crate::shell::{Done, Shell};

const BEGIN: &str = "<!-- operations: written by `cargo xtask api` -->\n";
const END: &str = "<!-- end of operations -->";

pub fn write(shell: &Shell) -> Done {
    let path = shell.root.join("README.md");
    let readme = std::fs::read_to_string(&path)?;
    Ok(std::fs::write(path, filled(&readme)?)?)
}

pub fn is_current(shell: &Shell) -> Result<bool, Box<dyn Error>> {
    let readme = std::fs::read_to_string(shell.root.join("README.md"))?;
    Ok(filled(&readme)? == readme)
}

fn filled(readme: &str) -> Result<String, Box<dyn Error>> {
    let (before, rest) = readme.split_once(BEGIN).ok_or("README.md has no place for the operations")?;
    let (_, after) = rest.split_once(END).ok_or("README.md's operations have no end")?;
    Ok(format!("{before}{BEGIN}{}{END}{after}", table()))
}

/// A line for each area, in the order of the tables.
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
    fn only_what_is_between_the_marks_is_written() {
        let readme = format!("# Title\n{BEGIN}old\n{END}\nafter\n");
        let filled = filled(&readme).unwrap();
        assert!(filled.starts_with("# Title\n<!--") && filled.ends_with("-->\nafter\n"), "{filled}");
        assert!(filled.contains("| `organizations` | `list` `create`") && !filled.contains("old"), "{filled}");
        assert!(super::filled("nothing").is_err());
    }
}
