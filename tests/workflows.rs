//! What the workflows in `.github` may do: run code that is named by its hash, read, and publish nothing.

use std::fs;
use std::path::Path;

/// Each workflow's name and lines, comments left out.
fn workflows() -> Vec<(String, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let text = fs::read_to_string(entry.path()).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#')).map(str::to_owned);
        all.push((entry.file_name().into_string().unwrap(), lines.collect()));
    }
    assert!(all.len() >= 2, "the workflows are somewhere else");
    all
}

/// The jobs of a workflow: each one's name, and its lines.
fn jobs(lines: &[String]) -> Vec<(&str, &[String])> {
    let start = lines.iter().position(|line| line == "jobs:").expect("no jobs") + 1;
    let is_name = |line: &str| line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':');
    let mut starts: Vec<_> = (start..lines.len()).filter(|&at| is_name(&lines[at])).collect();
    starts.push(lines.len());
    let job = |ends: &[usize]| {
        (lines[ends[0]].trim().trim_end_matches(':').to_owned().leak() as &str, &lines[ends[0]..ends[1]])
    };
    starts.windows(2).map(job).collect()
}

fn used(line: &str) -> Option<&str> {
    line.trim().trim_start_matches("- ").strip_prefix("uses: ")
}

#[test]
fn actions_are_named_by_hash_with_their_version_beside_it() {
    for (name, lines) in workflows() {
        let all: Vec<_> = lines.iter().filter_map(|line| used(line)).collect();
        assert!(!all.is_empty(), "{name}");
        for action in all.iter().filter(|action| !action.starts_with("./.github/workflows/")) {
            let (_, pin) = action.split_once('@').unwrap_or_else(|| panic!("{name}: {action}"));
            let (hash, version) = pin.split_once(" # v").unwrap_or_else(|| panic!("{name}: {action}"));
            let is_hash = hash.len() == 40 && hash.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
            assert!(is_hash && version.split('.').count() == 3, "{name}: {action}");
        }
    }
}

#[test]
fn only_the_job_that_makes_the_draft_may_write() {
    for (name, lines) in workflows() {
        assert!(lines.join("\n").contains("\npermissions:\n  contents: read\n\n"), "{name}");
        let first = lines.iter().position(|line| line == "jobs:").unwrap();
        assert!(!lines[..first].iter().any(|line| line.contains("write")), "{name}");
        for (job, lines) in jobs(&lines) {
            let mut writes: Vec<_> =
                lines.iter().filter(|line| line.contains(": write")).map(|line| line.trim()).collect();
            writes.sort_unstable();
            let may: &[&str] = match (name.as_str(), job) {
                ("release.yml", "draft") => &["attestations: write", "contents: write", "id-token: write"],
                _ => &[],
            };
            assert_eq!(writes, may, "{name}: {job}");
            // Who may write runs nothing that was built here, nor anything from the repository.
            let ours = lines.iter().any(|line| line.contains("checkout") || line.contains("cargo "));
            assert!(may.is_empty() || !ours, "{name}: {job}");
        }
    }
}

#[test]
fn no_job_gets_a_secret_or_runs_for_strangers_with_our_rights() {
    for (name, lines) in workflows() {
        for what in ["pull_request_target", "workflow_run", "secrets", "write-all"] {
            assert!(!lines.iter().any(|line| line.contains(what)), "{name} has {what}");
        }
        for (at, _) in lines.iter().enumerate().filter(|(_, line)| line.contains("actions/checkout@")) {
            let step = lines[at + 1..].iter().take_while(|line| !line.trim_start().starts_with("- "));
            assert!(step.into_iter().any(|line| line.trim() == "persist-credentials: false"), "{name}: {at}");
        }
    }
}

#[test]
fn every_job_ends_by_itself() {
    for (name, lines) in workflows() {
        for (job, lines) in jobs(&lines) {
            let timed = lines.iter().any(|line| line.starts_with("    timeout-minutes: "));
            let elsewhere = lines.iter().any(|line| line.starts_with("    uses: ./"));
            assert!(timed || elsewhere, "{name}: {job}");
        }
    }
}

/// What somebody typed, or named a branch, never becomes a part of a script.
#[test]
fn no_script_is_put_together_from_words_of_others() {
    for (name, lines) in workflows() {
        let mut script = None;
        for line in &lines {
            let depth = line.len() - line.trim_start().len();
            script = script.filter(|&start| line.is_empty() || depth > start);
            if line.trim_start().trim_start_matches("- ").starts_with("run:") {
                script = Some(depth);
            }
            assert!(script.is_none() || !line.contains("${{"), "{name}: {line}");
        }
    }
}

#[test]
fn nothing_is_published() {
    for (name, lines) in workflows() {
        for what in ["cargo publish", "twine", "pypi-publish", "mvn deploy", "draft=false", "maturin publish"]
        {
            assert!(!lines.iter().any(|line| line.contains(what)), "{name} has {what}");
        }
        for line in lines.iter().filter(|line| line.contains("gh release")) {
            assert!(line.contains(" create ") && line.contains(" --draft "), "{name}: {line}");
        }
        assert!(name != "release.yml" || lines.iter().any(|line| line == "  workflow_dispatch:"), "{name}");
        assert!(name != "release.yml" || !lines.iter().any(|line| line == "  push:"), "{name}");
    }
}
