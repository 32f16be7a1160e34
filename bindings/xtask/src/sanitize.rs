//! `make sanitize`: runs tests of the core under Miri and ThreadSanitizer. Both need nightly Rust.
//!
//! The core forbids `unsafe`. Both tools look for defects in the crates it depends on, in the code that UniFFI generates
//! into it, and in concurrent use.

use std::path::PathBuf;
use std::process::Command;

use crate::report::{self, Step};
use crate::shell::{Result, Shell};

const TOOLS: [Step; 2] = [("miri", miri), ("threads", threads)];

/// The tests that Miri runs. Miri supports neither sockets nor assembly, so that tests that hash or sign are excluded.
const MIRI: [&str; 9] = [
    "decode::",
    "panic::",
    "pager::",
    "preloaded::",
    "process::",
    "retry::",
    "runtime::",
    "token::",
    "clock::",
];

/// What ThreadSanitizer runs: the unit tests, and the tests of the core that run many threads or tasks at once, over real
/// sockets against the emulator.
const CONCURRENT: [&str; 2] =
    ["--lib --test lifecycle", "--test suite -- token:: cancel:: key_fetch_limits::"];

/// `cargo xtask sanitize [TOOL]…`
pub fn run(shell: &Shell, tools: &[&str]) -> Result {
    report::run_steps(shell, "tool", &TOOLS, tools)
}

/// Finds undefined behavior and data races, in an interpreter that is a few hundred times slower.
fn miri(shell: &Shell) -> Result {
    install_component(shell, "miri")?;
    let mut test = nightly_cargo(shell);
    test.args(["miri", "test", "--package", "scalekit", "--lib", "--features", "ffi", "--"]).args(MIRI);
    // The runtime reads the clock and polls for events; its threads still exist when the tests end.
    test.env("MIRIFLAGS", "-Zmiri-disable-isolation -Zmiri-ignore-leaks");
    shell.run(test.env("CARGO_TARGET_DIR", target(shell, "miri")))
}

/// Finds data races at run time. All code is rebuilt with instrumentation, including the standard library.
fn threads(shell: &Shell) -> Result {
    install_component(shell, "rust-src")?;
    let host = crate::dist::host(shell)?;
    let suppressions = shell.root.join("bindings/xtask/src/threads.supp");
    for tests in CONCURRENT {
        let mut test = nightly_cargo(shell);
        test.args(["test", "-Zbuild-std", "--package", "scalekit", "--target", &host]);
        // Reports name lines of dependencies, which have no debug information otherwise.
        test.args(["--config", "profile.dev.package.\"*\".debug=\"line-tables-only\""]);
        test.args(tests.split_whitespace());
        test.env("RUSTFLAGS", "-Zsanitizer=thread").env("CARGO_TARGET_DIR", target(shell, "threads"));
        // The threads of the runtime exist until the program ends.
        test.env("TSAN_OPTIONS", format!("suppressions={} report_thread_leaks=0", suppressions.display()));
        shell.run(&mut test)?;
    }
    Ok(())
}

fn target(shell: &Shell, tool: &str) -> PathBuf {
    shell.root.join("target").join(tool)
}

fn nightly_cargo(shell: &Shell) -> Command {
    let mut cargo = shell.command("rustup");
    cargo.args(["run", "nightly", "cargo"]);
    cargo
}

fn install_component(shell: &Shell, name: &str) -> Result {
    shell.require_nightly()?;
    shell.run(shell.command("rustup").args(["component", "add", name, "--toolchain", "nightly"]))
}
