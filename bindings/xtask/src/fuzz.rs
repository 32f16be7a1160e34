//! `make fuzz`: runs the targets of `tests/fuzz`, starting from the seeds in `core/src/fuzz/seeds.rs`.

use crate::report::Report;
use crate::shell::{Result, Shell};

const TARGETS: [&str; 6] = ["arguments", "tokens", "webhooks", "errors", "urls", "callbacks"];

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
    let mut test = shell.command(env!("CARGO"));
    test.args(["test", "--quiet", "--package", "scalekit", "--features", "dispatch", "--lib", "fuzz::seeds"]);
    shell.run(test.env("FUZZ_SEEDS", shell.root.join("target/fuzz/corpus")))
}

/// Runs without a sanitizer: the core forbids `unsafe`, and twice as many inputs run this way. Integer overflow is
/// detected.
fn fuzz(shell: &Shell, target: &str, seconds: &str) -> Result {
    shell.require_nightly()?;
    let mut fuzz = shell.command("rustup");
    fuzz.args(["run", "nightly", "cargo", "fuzz", "run", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none"]);
    fuzz.args(["--target-dir", "target/fuzz", target]).arg(format!("target/fuzz/corpus/{target}"));
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
