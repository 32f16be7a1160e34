//! Rules for the workflows in `.github`: actions are pinned by hash, permissions are read-only, and nothing is
//! published.

use std::fs;
use std::path::Path;

/// The name and lines of each workflow, without comments.
fn workflows() -> Vec<(String, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let text = fs::read_to_string(entry.path()).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#')).map(str::to_owned);
        all.push((entry.file_name().into_string().unwrap(), lines.collect()));
    }
    assert!(all.len() >= 2, "the workflows were not found");
    all
}

/// The name and lines of each job of a workflow.
fn jobs(lines: &[String]) -> Vec<(&str, &[String])> {
    let start = lines.iter().position(|line| line == "jobs:").expect("the workflow has jobs") + 1;
    let is_name = |line: &str| line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':');
    let mut starts: Vec<_> = (start..lines.len()).filter(|&at| is_name(&lines[at])).collect();
    starts.push(lines.len());
    let job = |ends: &[usize]| {
        (lines[ends[0]].trim().trim_end_matches(':').to_owned().leak() as &str, &lines[ends[0]..ends[1]])
    };
    starts.windows(2).map(job).collect()
}

fn action(line: &str) -> Option<&str> {
    line.trim().trim_start_matches("- ").strip_prefix("uses: ")
}

#[test]
fn actions_are_pinned_by_hash_with_a_version_comment() {
    for (name, lines) in workflows() {
        let all: Vec<_> = lines.iter().filter_map(|line| action(line)).collect();
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
fn only_the_draft_job_has_write_permissions() {
    for (name, lines) in workflows() {
        assert!(lines.join("\n").contains("\npermissions:\n  contents: read\n\n"), "{name}");
        let first = lines.iter().position(|line| line == "jobs:").unwrap();
        assert!(!lines[..first].iter().any(|line| line.contains("write")), "{name}");
        for (job, lines) in jobs(&lines) {
            let mut writes: Vec<_> =
                lines.iter().filter(|line| line.contains(": write")).map(|line| line.trim()).collect();
            writes.sort_unstable();
            let allowed: &[&str] = match (name.as_str(), job) {
                ("release.yml", "draft") => &["attestations: write", "contents: write", "id-token: write"],
                _ => &[],
            };
            assert_eq!(writes, allowed, "{name}: {job}");
            // A job with write permissions runs no code from the repository and nothing built from it.
            let runs_repository_code =
                lines.iter().any(|line| line.contains("checkout") || line.contains("cargo "));
            assert!(allowed.is_empty() || !runs_repository_code, "{name}: {job}");
        }
    }
}

#[test]
fn no_job_gets_secrets_or_runs_on_untrusted_triggers() {
    for (name, lines) in workflows() {
        for what in ["pull_request_target", "workflow_run", "secrets", "write-all"] {
            assert!(!lines.iter().any(|line| line.contains(what)), "{name} contains {what}");
        }
        for (at, _) in lines.iter().enumerate().filter(|(_, line)| line.contains("actions/checkout@")) {
            let step = lines[at + 1..].iter().take_while(|line| !line.trim_start().starts_with("- "));
            assert!(step.into_iter().any(|line| line.trim() == "persist-credentials: false"), "{name}: {at}");
        }
    }
}

#[test]
fn every_job_has_a_timeout() {
    for (name, lines) in workflows() {
        for (job, lines) in jobs(&lines) {
            let has_timeout = lines.iter().any(|line| line.starts_with("    timeout-minutes: "));
            let is_reusable = lines.iter().any(|line| line.starts_with("    uses: ./"));
            assert!(has_timeout || is_reusable, "{name}: {job}");
        }
    }
}

/// Expressions could inject text that others control, such as branch names, into a script.
#[test]
fn no_script_contains_an_expression() {
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
fn workflows_publish_nothing() {
    for (name, lines) in workflows() {
        for what in ["cargo publish", "twine", "pypi-publish", "mvn deploy", "draft=false", "maturin publish"]
        {
            assert!(!lines.iter().any(|line| line.contains(what)), "{name} contains {what}");
        }
        for line in lines.iter().filter(|line| line.contains("gh release")) {
            assert!(line.contains(" create ") && line.contains(" --draft "), "{name}: {line}");
        }
        assert!(name != "release.yml" || lines.iter().any(|line| line == "  workflow_dispatch:"), "{name}");
        assert!(name != "release.yml" || !lines.iter().any(|line| line == "  push:"), "{name}");
    }
}
