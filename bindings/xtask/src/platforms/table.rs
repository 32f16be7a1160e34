//! PLATFORMS.md, from the results of this run and, for the other rows, from what it already says.

use std::collections::BTreeMap;

use crate::shell::{Result, Shell};

/// The file that is written, and read: the results of earlier runs are committed nowhere else.
const FILE: &str = "PLATFORMS.md";

const HEADER: &str = "\
# Platforms

Written by `cargo xtask platforms`, which builds what a Linux machine can, checks it, and runs what it can run.
";

/// The cells of a row without results.
const NO_RESULT: &str = "– | not in this run | not in this run | –";

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub platform: String,
    pub artifact: String,
    /// The oldest version of the system.
    pub minimum: String,
}

/// The result of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The size in bytes, or why it was not built.
    pub built: std::result::Result<u64, String>,
    /// What ran, or why nothing did.
    pub run: std::result::Result<String, String>,
}

/// Writes the table with these results. The other rows keep theirs.
pub fn write(shell: &Shell, rows: &[(&'static str, Row)], new: &BTreeMap<&'static str, Outcome>) -> Result {
    let path = shell.root.join(FILE);
    let commit = shell.output(shell.command("git").args(["rev-parse", "--short=12", "HEAD"]))?;
    let text = text(rows, new, &commit, &std::fs::read_to_string(&path)?);
    Ok(std::fs::write(path, text)?)
}

fn text(
    rows: &[(&'static str, Row)],
    new: &BTreeMap<&'static str, Outcome>,
    commit: &str,
    old: &str,
) -> String {
    let mut lines = vec![
        HEADER.to_owned(),
        "| platform | artifact | minimum | size | built here | run here | commit |".to_owned(),
        "|---|---|---|---|---|---|---|".to_owned(),
    ];
    for (name, Row { platform, artifact, minimum }) in rows {
        let result = match new.get(name) {
            Some(outcome) => cells(outcome, commit),
            None => old_cells(old, platform).unwrap_or(NO_RESULT).to_owned(),
        };
        lines.push(format!("| {platform} | {artifact} | {minimum} | {result} |"));
    }
    lines.join("\n") + "\n"
}

/// The cells of a result: size, built here, run here, commit.
fn cells(outcome: &Outcome, commit: &str) -> String {
    let (size, built) = match &outcome.built {
        Ok(bytes) => (megabytes(*bytes), "yes"),
        Err(reason) => ("–".to_owned(), reason.as_str()),
    };
    let run = outcome.run.as_ref().unwrap_or_else(|reason| reason);
    format!("{size} | {built} | {run} | {commit}")
}

/// The same cells of a platform in an earlier table.
fn old_cells<'a>(old: &'a str, platform: &str) -> Option<&'a str> {
    let row = old.lines().find_map(|line| line.strip_prefix(&format!("| {platform} | ")))?;
    Some(row.splitn(3, " | ").nth(2)?.trim_end_matches(" |"))
}

fn megabytes(bytes: u64) -> String {
    format!("{:.2} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(platform: &str) -> Row {
        Row {
            platform: platform.to_owned(),
            artifact: "archive".to_owned(),
            minimum: "glibc 2.17".to_owned(),
        }
    }

    #[test]
    fn rows_have_results_or_reasons_or_those_of_an_earlier_run() {
        let done = Outcome { built: Ok(1_234_567), run: Ok("quickstart".into()) };
        let built = Outcome { built: Ok(2_000_000), run: Err("no such machine".into()) };
        let failed = Outcome { built: Err("no linker".into()), run: Err("not built".into()) };
        let rows = [("a", row("A")), ("b", row("B")), ("c", row("C")), ("d", row("D")), ("e", row("E"))];
        let new = BTreeMap::from([("a", done), ("b", built), ("c", failed)]);
        let old = "\
            | A | archive | glibc 2.17 | 9.99 MB | yes | quickstart | old |\n\
            | D | older name | glibc 2.16 | 3.00 MB | yes | no machine | older |\n";
        let text = text(&rows, &new, "abc", old);
        let lines: Vec<_> = text.lines().skip(6).collect();
        assert_eq!(
            lines,
            [
                "| A | archive | glibc 2.17 | 1.23 MB | yes | quickstart | abc |",
                "| B | archive | glibc 2.17 | 2.00 MB | yes | no such machine | abc |",
                "| C | archive | glibc 2.17 | – | no linker | not built | abc |",
                "| D | archive | glibc 2.17 | 3.00 MB | yes | no machine | older |",
                "| E | archive | glibc 2.17 | – | not in this run | not in this run | – |",
            ]
        );
    }
}
