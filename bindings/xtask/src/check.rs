//! The quality gates: `make check`.

use crate::report::Report;
use crate::shell::{Done, Shell};

/// Every set of features that the crate can be built with.
const FEATURE_SETS: [&str; 3] = ["--no-default-features", "", "--features ffi"];

pub fn all(shell: &Shell) -> Done {
    let mut report = Report::default();
    report.run("format", || shell.cargo("fmt --all --check"));
    report.run("fuzz targets", || crate::fuzz::check(shell));
    report.run("clippy", || clippy(shell));
    report.run("docs", || docs(shell));
    report.run("doc tests", || shell.cargo("test --doc --package scalekit"));
    report.run("dependencies", || dependencies(shell));
    report.run("audit notes", || crate::audit::check(shell));
    report.run("hardening", || crate::hardened::check(shell));
    report.run("python", || crate::python::check(shell));
    report.run("kotlin", || crate::kotlin::check(shell));
    report.run("swift", || crate::swift::check(shell));
    report.run("sizes", || crate::sizes::check(shell));
    report.run("wheels", || crate::python::wheels::check(shell));
    report.run("listings", || crate::api::check(shell));
    report.finish()
}

fn clippy(shell: &Shell) -> Done {
    shell.cargo("clippy --workspace --all-targets -- -D warnings")?;
    for features in FEATURE_SETS {
        shell.cargo(&format!("clippy --package scalekit --lib {features} -- -D warnings"))?;
    }
    crate::models::lints(shell)
}

fn docs(shell: &Shell) -> Done {
    let mut doc = shell.command(env!("CARGO"));
    doc.args(["doc", "--no-deps", "--package", "scalekit", "--package", "scalekit-emulator"]);
    shell.run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Licences, duplicates and sources always; advisories where their database can be reached.
fn dependencies(shell: &Shell) -> Done {
    shell.need("cargo-deny", "cargo install cargo-deny --locked")?;
    shell.cargo("deny --all-features check bans licenses sources")?;
    if shell.cargo("deny --all-features fetch db").is_err() {
        eprintln!("\n!!!!! the database of advisories cannot be reached: advisories were not checked");
        return Ok(());
    }
    shell.cargo("deny --all-features check advisories")
}
