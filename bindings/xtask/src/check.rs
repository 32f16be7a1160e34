//! `cargo xtask check [GATE]…`: everything but the tests that must hold before a change is merged.

use crate::python::venv::Venv;
use crate::report::{self, Step};
use crate::shell::{Result, Shell};

/// The feature sets that the crate can be built with.
const FEATURE_SETS: [&str; 3] = ["--no-default-features", "", "--features ffi"];

const GATES: [Step; 20] = [
    ("format", |shell| shell.cargo("fmt --all --check")),
    ("fuzz-targets", crate::fuzz::check),
    ("spelling", spelling),
    ("terms", crate::terms::check),
    ("workflows", workflows),
    ("clippy", clippy),
    ("docs", docs),
    ("dependencies", dependencies),
    ("audit-notes", crate::audit::check),
    ("hardening", crate::hardened::check),
    ("header", crate::c::header::check),
    ("c-abi", crate::semver::check_c),
    ("generated", crate::python::generate::check),
    ("python", crate::python::check),
    ("kotlin", crate::kotlin::check),
    ("swift", crate::swift::check),
    ("sizes", crate::sizes::check),
    ("wheels", crate::python::wheels::check),
    ("android", crate::android::check_libraries),
    ("listings", crate::api::check),
];

/// Runs all gates, or those with these names.
pub fn run(shell: &Shell, names: &[&str]) -> Result {
    report::run_steps(shell, "gate", &GATES, names)
}

/// Checks for misspelled words and for spellings that are not American: `_typos.toml`.
fn spelling(shell: &Shell) -> Result {
    let venv = Venv::bare(shell)?;
    venv.install_tool(shell, "typos")?;
    shell.run(venv.program(shell, "typos").args(["--format", "brief"]))
}

/// Security checks of the workflows: actions are pinned by hash, scripts contain no untrusted input, …
/// (`.github/zizmor.yml`). Rules that zizmor does not have are in `tests/workflows.rs`.
fn workflows(shell: &Shell) -> Result {
    let venv = Venv::bare(shell)?;
    venv.install_tool(shell, "zizmor")?;
    shell.run(venv.program(shell, "zizmor").args(["--offline", "--strict-collection", "--quiet", ".github"]))
}

fn clippy(shell: &Shell) -> Result {
    shell.cargo("clippy --workspace --all-targets -- -D warnings")?;
    for features in FEATURE_SETS {
        shell.cargo(&format!("clippy --package scalekit --lib {features} -- -D warnings"))?;
    }
    crate::models::lints(shell)
}

fn docs(shell: &Shell) -> Result {
    let mut doc = shell.command(env!("CARGO"));
    doc.args(["doc", "--no-deps", "--package", "scalekit", "--package", "scalekit-emulator"]);
    shell.run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Licenses, duplicates and sources; advisories only if their database is reachable.
fn dependencies(shell: &Shell) -> Result {
    shell.require("cargo-deny", "cargo install cargo-deny --locked")?;
    shell.cargo("deny --all-features check bans licenses sources")?;
    if shell.cargo("deny --all-features fetch db").is_err() {
        eprintln!("\n!!!!! SKIPPED: the advisory database is not reachable");
        return Ok(());
    }
    shell.cargo("deny --all-features check advisories")
}
