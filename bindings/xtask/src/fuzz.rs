//! `make fuzz`: each target of `tests/fuzz` for a while, from the seeds in `core/src/fuzz/seeds.rs`.

use std::process::Stdio;

use crate::report::Report;
use crate::shell::{Done, Missing, Shell};

const TARGETS: [&str; 5] = ["tokens", "webhooks", "errors", "urls", "callbacks"];
const SECONDS: &str = "60";

/// The version that is installed where there is none.
const CARGO_FUZZ: &str = "0.13.2";

/// `cargo xtask fuzz [SECONDS] [TARGET]…`: what was found in earlier runs is kept in `target/fuzz/corpus`, and an input
/// that fails in `tests/fuzz/artifacts`.
pub fn run(shell: &Shell, arguments: &[&str]) -> Done {
    let (seconds, wanted) = match arguments {
        [first, rest @ ..] if first.bytes().all(|b| b.is_ascii_digit()) => (*first, rest),
        all => (SECONDS, all),
    };
    if let Some(unknown) = wanted.iter().find(|name| !TARGETS.contains(name)) {
        return Err(format!("no such target: {unknown}; there are {}", TARGETS.join(", ")).into());
    }
    let mut report = Report::default();
    report.run("tools", || tools(shell));
    report.run("lints", || lints(shell));
    report.run("seeds", || seeds(shell));
    for target in TARGETS.into_iter().filter(|name| wanted.is_empty() || wanted.contains(name)) {
        report.run(target, || fuzz(shell, target, seconds));
    }
    report.finish()
}

/// Nightly Rust must be there already: a toolchain is not ours to choose. cargo-fuzz is installed.
fn tools(shell: &Shell) -> Done {
    nightly(shell)?;
    shell.need("c++", "libFuzzer is built from source")?;
    let there = quiet(shell, &["cargo-fuzz", "--version"]);
    if there { Ok(()) } else { shell.cargo(&format!("install cargo-fuzz --locked --version {CARGO_FUZZ}")) }
}

fn nightly(shell: &Shell) -> Done {
    if quiet(shell, &["rustup", "run", "nightly", "rustc", "--version"]) {
        return Ok(());
    }
    Err(Missing("nightly Rust is not installed (rustup toolchain install nightly)".into()).into())
}

fn quiet(shell: &Shell, words: &[&str]) -> bool {
    let mut command = shell.command(words[0]);
    command.args(&words[1..]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The tests of the core write their seeds down.
fn seeds(shell: &Shell) -> Done {
    let mut test = shell.command(env!("CARGO"));
    test.args(["test", "--quiet", "--package", "scalekit", "--lib", "fuzz::seeds"]);
    shell.run(test.env("FUZZ_SEEDS", shell.root.join("target/fuzz/corpus")))
}

/// Without a sanitizer: the core forbids `unsafe`, and runs twice as many inputs this way. Overflows are caught.
fn fuzz(shell: &Shell, target: &str, seconds: &str) -> Done {
    nightly(shell)?;
    let mut fuzz = shell.command("rustup");
    fuzz.args(["run", "nightly", "cargo", "fuzz", "run", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none"]);
    fuzz.args(["--target-dir", "target/fuzz", target]).arg(format!("target/fuzz/corpus/{target}"));
    fuzz.arg("--").arg(format!("-max_total_time={seconds}"));
    shell.run(fuzz.args(["-max_len=4096", "-timeout=10", "-print_final_stats=1"]))
}

/// What `make check` looks at: the targets are a line each, and what they call is linted with the core's tests.
pub fn check(shell: &Shell) -> Done {
    shell.cargo("fmt --manifest-path tests/fuzz/Cargo.toml --check")
}

/// Lints the targets themselves. It takes a minute the first time, so that it is done here; libFuzzer is left out.
fn lints(shell: &Shell) -> Done {
    let mut clippy = shell.command(env!("CARGO"));
    clippy.args(["clippy", "--manifest-path", "tests/fuzz/Cargo.toml", "--no-default-features", "--bins"]);
    clippy.args(["--target-dir", "target/fuzz/check", "--", "-D", "warnings"]);
    shell.run(clippy.env("RUSTFLAGS", "--cfg fuzzing"))
}
