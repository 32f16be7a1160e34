//! `make sanitize`: Miri and ThreadSanitizer, on what each of them can run. Both need nightly Rust.
//!
//! The core forbids `unsafe`: what they look for can come from the crates below it, from the code that UniFFI writes
//! into it, and from what each is asked to do at the same time.

use std::process::Stdio;

use crate::report::Report;
use crate::shell::{Done, Missing, Shell};

type Tool = (&'static str, fn(&Shell) -> Done);

const TOOLS: [Tool; 2] = [("miri", miri), ("threads", threads)];

/// The tests that Miri runs. It runs no system calls of its own making and no assembly: so no sockets, and nothing that
/// hashes or signs.
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

/// Test files of the core that have many threads or tasks at once, each over real sockets against the emulator.
const CROWDED: [&str; 4] = ["token", "cancel", "lifecycle", "key_fetch_limits"];

/// `cargo xtask sanitize [TOOL]…`
pub fn run(shell: &Shell, wanted: &[&str]) -> Done {
    if let Some(unknown) = wanted.iter().find(|name| !TOOLS.iter().any(|(tool, _)| tool == *name)) {
        return Err(format!("no such tool: {unknown}; there are miri and threads").into());
    }
    let mut report = Report::default();
    for (name, tool) in TOOLS {
        if wanted.is_empty() || wanted.contains(&name) {
            report.run(name, || tool(shell));
        }
    }
    report.finish()
}

/// Undefined behaviour and data races, in an interpreter that is some hundred times slower.
fn miri(shell: &Shell) -> Done {
    component(shell, "miri")?;
    let mut test = nightly(shell);
    test.args(["miri", "test", "--package", "scalekit", "--lib", "--features", "ffi", "--"]).args(MIRI);
    // The runtime asks for the time, and for events; its threads are still there when the tests are done.
    test.env("MIRIFLAGS", "-Zmiri-disable-isolation -Zmiri-ignore-leaks");
    shell.run(test.env("CARGO_TARGET_DIR", target(shell, "miri")))
}

/// Data races, as the program runs: everything is built anew with it, the standard library too.
fn threads(shell: &Shell) -> Done {
    component(shell, "rust-src")?;
    let host = crate::dist::host(shell)?;
    let mut test = nightly(shell);
    test.args(["test", "-Zbuild-std", "--package", "scalekit", "--target", &host, "--lib"]);
    for file in CROWDED {
        test.args(["--test", file]);
    }
    test.env("RUSTFLAGS", "-Zsanitizer=thread").env("CARGO_TARGET_DIR", target(shell, "threads"));
    let known = shell.root.join("bindings/xtask/src/threads.supp");
    // Our runtime's threads are there for as long as the program is.
    test.env("TSAN_OPTIONS", format!("suppressions={} report_thread_leaks=0", known.display()));
    // Less to write: line numbers are all that a report needs.
    shell.run(test.env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only"))
}

fn target(shell: &Shell, tool: &str) -> std::path::PathBuf {
    shell.root.join("target").join(tool)
}

fn nightly(shell: &Shell) -> std::process::Command {
    let mut cargo = shell.command("rustup");
    cargo.args(["run", "nightly", "cargo"]);
    cargo
}

/// Nightly Rust must be there already: a toolchain is not ours to choose. Its parts are installed.
fn component(shell: &Shell, name: &str) -> Done {
    let mut probe = shell.command("rustup");
    probe.args(["run", "nightly", "rustc", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    if !probe.status().is_ok_and(|status| status.success()) {
        let why = "nightly Rust is not installed (rustup toolchain install nightly)";
        return Err(Missing(why.into()).into());
    }
    shell.run(shell.command("rustup").args(["component", "add", name, "--toolchain", "nightly"]))
}
