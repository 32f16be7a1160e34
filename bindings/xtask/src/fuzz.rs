//! `make fuzz`: runs the targets of `tests/fuzz`, starting from the seeds in `core/src/fuzz/seeds.rs`.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use crate::report::Report;
use crate::shell::{Result, Shell};

const TARGETS: [&str; 6] = ["arguments", "tokens", "webhooks", "errors", "urls", "callbacks"];

/// The folder with a corpus for each target: its seeds, and inputs of earlier runs.
const CORPUS: &str = "target/fuzz/corpus";

/// How the names of the files that contain seeds start.
const SEED: &str = "seed-";

/// The default duration of each target.
const SECONDS: &str = "60";

/// The version that is installed if there is none.
const CARGO_FUZZ: &str = "0.13.2";

/// `cargo xtask fuzz [SECONDS] [TARGET]…`: inputs of earlier runs are kept in `target/fuzz/corpus`, inputs that fail in
/// `tests/fuzz/artifacts`.
pub fn run(shell: &Shell, arguments: &[&str]) -> Result {
    let (seconds, names) = match arguments {
        [first, rest @ ..] if first.bytes().all(|b| b.is_ascii_digit()) => (*first, rest),
        all => (SECONDS, all),
    };
    if let Some(unknown) = names.iter().find(|name| !TARGETS.contains(name)) {
        return Err(format!("unknown target: {unknown}; known: {}", TARGETS.join(", ")).into());
    }
    let mut report = Report::default();
    report.run("tools", || tools(shell));
    report.run("lints", || lints(shell));
    report.run("seeds", || seeds(shell));
    for target in TARGETS.into_iter().filter(|name| names.is_empty() || names.contains(name)) {
        report.run(target, || fuzz(shell, target, seconds));
    }
    report.finish()
}

/// Checks for nightly Rust and a C++ compiler, and installs cargo-fuzz.
fn tools(shell: &Shell) -> Result {
    shell.require_nightly()?;
    shell.require("c++", "libFuzzer is built from source")?;
    shell.cargo_tool("cargo-fuzz", CARGO_FUZZ)
}

/// A test of the core writes the seeds. Those of `arguments` need the feature.
fn seeds(shell: &Shell) -> Result {
    let corpus = shell.root.join(CORPUS);
    remove_seeds(&corpus)?;
    let mut test = shell.command(env!("CARGO"));
    test.args(["test", "--quiet", "--package", "scalekit", "--features", "dispatch", "--lib", "fuzz::seeds"]);
    shell.run(test.env("FUZZ_SEEDS", &corpus))?;
    match targets_without_seeds(&corpus).as_slice() {
        [] => Ok(()),
        targets => Err(format!("no seeds were written for: {}", targets.join(", ")).into()),
    }
}

/// Removes the seeds of earlier runs, which another commit may have written.
fn remove_seeds(corpus: &Path) -> Result {
    for target in TARGETS {
        for path in seeds_of(corpus, target) {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn targets_without_seeds(corpus: &Path) -> Vec<&'static str> {
    TARGETS.into_iter().filter(|target| seeds_of(corpus, target).is_empty()).collect()
}

fn seeds_of(corpus: &Path, target: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(corpus.join(target)).into_iter().flatten().flatten();
    let is_seed = |entry: &DirEntry| entry.file_name().to_string_lossy().starts_with(SEED);
    entries.filter(is_seed).map(|entry| entry.path()).collect()
}

/// Runs without a sanitizer: the core forbids `unsafe`, and twice as many inputs run this way. Integer overflow is
/// detected.
fn fuzz(shell: &Shell, target: &str, seconds: &str) -> Result {
    shell.require_nightly()?;
    let mut fuzz = shell.command("rustup");
    fuzz.args(["run", "nightly", "cargo", "fuzz", "run", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none"]);
    fuzz.args(["--target-dir", "target/fuzz", target]).arg(format!("{CORPUS}/{target}"));
    fuzz.arg("--").arg(format!("-max_total_time={seconds}"));
    shell.run(fuzz.args(["-max_len=4096", "-timeout=10", "-print_final_stats=1"]))
}

/// The gate of `make check`: only the format, since each target is one line, and the code it calls is linted with the
/// tests of the core.
pub fn check(shell: &Shell) -> Result {
    shell.cargo("fmt --manifest-path tests/fuzz/Cargo.toml --check")
}

/// Lints the targets, without libFuzzer. The first run takes a minute, so that this is not part of `make check`.
fn lints(shell: &Shell) -> Result {
    let mut clippy = shell.command(env!("CARGO"));
    clippy.args(["clippy", "--manifest-path", "tests/fuzz/Cargo.toml", "--no-default-features", "--bins"]);
    clippy.args(["--target-dir", "target/fuzz/check", "--", "-D", "warnings"]);
    shell.run(clippy.env("RUSTFLAGS", "--cfg fuzzing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The core's writer of seeds.
    const WRITER: &str = include_str!("../../../core/src/fuzz/seeds.rs");

    /// The programs of the targets.
    const PROGRAMS: &str = include_str!("../../../tests/fuzz/Cargo.toml");

    /// The names in lines such as `("tokens", tokens, token_seeds()),` of the function that lists the seeds.
    fn written() -> Vec<&'static str> {
        let (_, list) = WRITER.split_once("fn all()").unwrap();
        let (list, _) = list.split_once("\n}").unwrap();
        let entries = list.lines().filter_map(|line| line.trim().strip_prefix("(\""));
        entries.map(|entry| entry.split_once('"').unwrap().0).collect()
    }

    #[test]
    fn each_target_has_seeds_and_a_program() {
        assert_eq!(written(), TARGETS);
        let (_, programs) = PROGRAMS.split_once("[[bin]]").unwrap();
        let names = programs.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        assert_eq!(names.collect::<Vec<_>>(), TARGETS);
    }

    #[test]
    fn targets_without_seeds_are_named() {
        let corpus = std::env::temp_dir().join(format!("corpus-{}", std::process::id()));
        for target in TARGETS {
            std::fs::create_dir_all(corpus.join(target)).unwrap();
            let name = if target == "urls" { "input-of-an-earlier-run" } else { "seed-0" };
            std::fs::write(corpus.join(target).join(name), "").unwrap();
        }
        assert_eq!(targets_without_seeds(&corpus), ["urls"]);
        remove_seeds(&corpus).unwrap();
        assert_eq!(targets_without_seeds(&corpus), TARGETS);
        assert!(corpus.join("urls/input-of-an-earlier-run").exists());
        std::fs::remove_dir_all(corpus).unwrap();
    }
}
