//! PLATFORMS.md, from the results of the last runs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::shell::{Result, Shell};

/// The results, by the names of the rows.
const RESULTS: &str = "target/package/platforms.json";

/// The file that is written.
const FILE: &str = "PLATFORMS.md";

const HEADER: &str = "\
# Platforms

Written by `cargo xtask platforms`, which builds what a Linux machine can, checks it, and runs what it can run.
";

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

/// Adds results to those of earlier runs, and writes the table.
pub fn write(shell: &Shell, rows: &[(&'static str, Row)], new: BTreeMap<&'static str, Outcome>) -> Result {
    let path = shell.root.join(RESULTS);
    let mut results: Value = match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text)?,
        Err(_) => json!({}),
    };
    let commit = shell.output(shell.command("git").args(["rev-parse", "--short=12", "HEAD"]))?;
    for (name, outcome) in new {
        results[name] = stored(&outcome, &commit);
    }
    std::fs::create_dir_all(path.parent().ok_or("the results have no folder")?)?;
    std::fs::write(path, serde_json::to_string_pretty(&results)? + "\n")?;
    Ok(std::fs::write(shell.root.join(FILE), text(rows, &results))?)
}

fn stored(outcome: &Outcome, commit: &str) -> Value {
    let part = |result: std::result::Result<Value, &String>| match result {
        Ok(value) => json!({"done": value}),
        Err(reason) => json!({"reason": reason}),
    };
    json!({
        "built": part(outcome.built.as_ref().map(|size| json!(size))),
        "run": part(outcome.run.as_ref().map(|how| json!(how))),
        "commit": commit,
    })
}

fn text(rows: &[(&'static str, Row)], results: &Value) -> String {
    let mut lines = vec![
        HEADER.to_owned(),
        "| platform | artifact | minimum | size | built here | run here | commit |".to_owned(),
        "|---|---|---|---|---|---|---|".to_owned(),
    ];
    for (name, row) in rows {
        let result = &results[name];
        let size = result["built"]["done"].as_u64().map_or_else(|| "–".to_owned(), megabytes);
        let built = if result["built"]["done"].is_u64() { "yes" } else { reason(&result["built"]) };
        let run = result["run"]["done"].as_str().unwrap_or_else(|| reason(&result["run"]));
        let commit = result["commit"].as_str().unwrap_or("–");
        let Row { platform, artifact, minimum } = row;
        lines.push(format!("| {platform} | {artifact} | {minimum} | {size} | {built} | {run} | {commit} |"));
    }
    lines.join("\n") + "\n"
}

fn reason(part: &Value) -> &str {
    part["reason"].as_str().unwrap_or("not in this run")
}

fn megabytes(bytes: u64) -> String {
    format!("{:.2} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_results_or_reasons() {
        let row = |platform: &str| Row {
            platform: platform.to_owned(),
            artifact: "archive".to_owned(),
            minimum: "glibc 2.17".to_owned(),
        };
        let done = Outcome { built: Ok(1_234_567), run: Ok("quickstart".into()) };
        let built = Outcome { built: Ok(2_000_000), run: Err("no such machine".into()) };
        let results = json!({"a": stored(&done, "abc"), "b": stored(&built, "def")});
        let rows = [("a", row("A")), ("b", row("B")), ("c", row("C"))];
        let text = text(&rows, &results);
        let lines: Vec<_> = text.lines().skip(6).collect();
        assert_eq!(
            lines,
            [
                "| A | archive | glibc 2.17 | 1.23 MB | yes | quickstart | abc |",
                "| B | archive | glibc 2.17 | 2.00 MB | yes | no such machine | def |",
                "| C | archive | glibc 2.17 | – | not in this run | not in this run | – |",
            ]
        );
    }
}
