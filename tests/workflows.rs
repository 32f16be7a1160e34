//! Rules of the workflows in `.github` that zizmor (`cargo xtask check workflows`) does not check: only the release's last
//! job may write, no job uses secrets, jobs have timeouts, and nothing is published.

use std::fs;
use std::path::Path;

/// The name and the lines of each workflow, without comments.
fn workflows() -> Vec<(String, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let text = fs::read_to_string(entry.path()).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#')).map(str::to_owned);
        all.push((entry.file_name().into_string().unwrap(), lines.collect()));
    }
    assert!(all.len() >= 2, "workflows are missing from .github/workflows");
    all
}

/// The name and the lines of each job of a workflow.
fn jobs(lines: &[String]) -> Vec<(&str, &[String])> {
    let start = lines.iter().position(|line| line == "jobs:").expect("no jobs") + 1;
    let is_name = |line: &str| line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':');
    let mut starts: Vec<_> = (start..lines.len()).filter(|&at| is_name(&lines[at])).collect();
    starts.push(lines.len());
    let job = |bounds: &[usize]| {
        let (start, end) = (bounds[0], bounds[1]);
        (lines[start].trim().trim_end_matches(':'), &lines[start..end])
    };
    starts.windows(2).map(job).collect()
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
            // A job with write permissions runs no code of the repository, and no program that was built from it.
            let runs_code = lines.iter().any(|line| line.contains("checkout") || line.contains("cargo "));
            assert!(allowed.is_empty() || !runs_code, "{name}: {job}");
        }
    }
}

#[test]
fn no_job_uses_secrets() {
    for (name, lines) in workflows() {
        for word in ["secrets", "write-all"] {
            assert!(!lines.iter().any(|line| line.contains(word)), "{name} contains {word}");
        }
    }
}

#[test]
fn every_job_has_a_timeout() {
    for (name, lines) in workflows() {
        for (job, lines) in jobs(&lines) {
            let has_timeout = lines.iter().any(|line| line.starts_with("    timeout-minutes: "));
            let calls_workflow = lines.iter().any(|line| line.starts_with("    uses: ./"));
            assert!(has_timeout || calls_workflow, "{name}: {job}");
        }
    }
}

#[test]
fn nothing_is_published() {
    for (name, lines) in workflows() {
        for command in
            ["cargo publish", "twine", "pypi-publish", "mvn deploy", "draft=false", "maturin publish"]
        {
            assert!(!lines.iter().any(|line| line.contains(command)), "{name} contains {command}");
        }
        for line in lines.iter().filter(|line| line.contains("gh release")) {
            assert!(line.contains(" create ") && line.contains(" --draft "), "{name}: {line}");
        }
        assert!(name != "release.yml" || lines.iter().any(|line| line == "  workflow_dispatch:"), "{name}");
        assert!(name != "release.yml" || !lines.iter().any(|line| line == "  push:"), "{name}");
    }
}
