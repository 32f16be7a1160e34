//! The README's table of areas and operations, generated from the example `operations`.

use std::fmt::Write as _;

use crate::build;
use crate::shell::{Result, Shell};

const BEGIN: &str = "<!-- operations: written by `cargo xtask api` -->\n";
const END: &str = "<!-- end of operations -->";

pub fn write(shell: &Shell) -> Result {
    let path = shell.root.join("README.md");
    let readme = std::fs::read_to_string(&path)?;
    Ok(std::fs::write(path, with_table(&readme, &operations(shell)?)?)?)
}

pub fn is_current(shell: &Shell) -> Result<bool> {
    let readme = std::fs::read_to_string(shell.root.join("README.md"))?;
    Ok(with_table(&readme, &operations(shell)?)? == readme)
}

/// The operations, one a line. A program prints them, so that the tasks build without the crate.
fn operations(shell: &Shell) -> Result<String> {
    shell.output(&mut shell.command(build::example(shell, "operations")?))
}

fn with_table(readme: &str, operations: &str) -> Result<String> {
    let (before, rest) = readme.split_once(BEGIN).ok_or_else(|| format!("README.md lacks {BEGIN}"))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("README.md lacks {END}"))?;
    Ok(format!("{before}{BEGIN}{}{END}{after}", table(operations)))
}

/// A row for each area, in the order of the operations.
fn table(operations: &str) -> String {
    let mut areas: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in operations.lines() {
        let id = line.split(' ').next().unwrap_or_default();
        let (area, name) = id.split_once('.').unwrap_or(("", id));
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
    let _ = writeln!(table, "\n{} operations in {} areas.", operations.lines().count(), areas.len());
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_between_the_markers_is_replaced() {
        let readme = format!("# Title\n{BEGIN}old\n{END}\nafter\n");
        let operations = "domains.list GET /a\nusers.list GET /b\nusers.create POST /b\n";
        let filled = with_table(&readme, operations).unwrap();
        let table = "| area | operations |\n|---|---|\n| `domains` | `list` |\n| `users` | `list` `create` |\n\n\
                     3 operations in 2 areas.\n";
        assert_eq!(filled, format!("# Title\n{BEGIN}{table}{END}\nafter\n"));
        assert!(with_table("nothing", operations).is_err());
    }
}
