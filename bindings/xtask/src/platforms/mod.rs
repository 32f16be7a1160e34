//! `cargo xtask platforms`: builds for every platform what this machine can, runs what it can, and writes PLATFORMS.md.

mod run;
mod table;

use std::collections::BTreeMap;

use table::{Outcome, Row};

use crate::android;
use crate::apple;
use crate::dist;
use crate::native::{self, target::Target};
use crate::shell::{Missing, Result, Shell};
use crate::zig::Zig;

/// Builds and runs the rows with these names, or whose names contain one of these texts; or all. Fails after the table is
/// written if a row has failed.
pub fn run(shell: &Shell, names: &[&str]) -> Result {
    let rows = rows();
    let is_name = |part: &str| rows.iter().any(|(name, _)| *name == part);
    let matches = |name: &str, part: &str| if is_name(part) { name == part } else { name.contains(part) };
    let wanted = |name: &str| names.is_empty() || names.iter().any(|part| matches(name, part));
    let chosen: Vec<_> = rows.iter().map(|(name, _)| *name).filter(|name| wanted(name)).collect();
    if chosen.is_empty() {
        let known: Vec<_> = rows.iter().map(|(name, _)| *name).collect();
        return Err(format!("no platform has this name; known: {}", known.join(", ")).into());
    }
    let mut outcomes = BTreeMap::new();
    let mut failed = Vec::new();
    for name in chosen {
        eprintln!("\n===== {name} =====");
        let (outcome, is_failure) = outcome(shell, name);
        if is_failure {
            failed.push(name);
        }
        outcomes.insert(name, outcome);
    }
    for (name, outcome) in &outcomes {
        let text = |result: std::result::Result<String, &String>| {
            result.unwrap_or_else(|reason| format!("NOT DONE: {reason}"))
        };
        println!("{name}: built: {}", text(outcome.built.as_ref().map(|size| format!("{size} bytes"))));
        println!("{name}: run: {}", text(outcome.run.as_ref().cloned()));
    }
    table::write(shell, &rows, &outcomes)?;
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", ")).into()) }
}

/// The rows of the table, by name: the archives of the C library, the libraries of the AAR, and the slices of the
/// XCFramework.
fn rows() -> Vec<(&'static str, Row)> {
    let archives = Target::all().map(|target| {
        let row = Row {
            platform: platform(target).to_owned(),
            artifact: format!("`libscalekit-{}-{}.tar.gz`", env!("CARGO_PKG_VERSION"), target.rust),
            minimum: minimum(target),
        };
        (target.rust, row)
    });
    let libraries = android::abi::ABIS.iter().map(|abi| {
        let row = Row {
            platform: format!("Android {}", abi.name),
            artifact: "library in `scalekit-android.aar`".to_owned(),
            minimum: format!("API {} (classes: {})", android::abi::MIN_SDK, android::CLASSES_MIN_SDK),
        };
        (abi.name, row)
    });
    let slices = apple::SLICES.iter().map(|slice| {
        let row = Row {
            platform: slice.label(),
            artifact: "static library in `Scalekit.xcframework`".to_owned(),
            minimum: slice.oldest(),
        };
        (slice.name, row)
    });
    archives.chain(libraries).chain(slices).collect()
}

fn platform(target: &Target) -> &'static str {
    match target.rust {
        "x86_64-unknown-linux-gnu" => "Linux x86-64, glibc",
        "aarch64-unknown-linux-gnu" => "Linux ARM64, glibc",
        "x86_64-unknown-linux-musl" => "Linux x86-64, musl",
        "aarch64-unknown-linux-musl" => "Linux ARM64, musl",
        "x86_64-pc-windows-gnu" => "Windows x86-64",
        "x86_64-apple-darwin" => "macOS x86-64",
        _ => "macOS ARM64",
    }
}

fn minimum(target: &Target) -> String {
    match target {
        _ if target.is_musl() => "musl 1.2".to_owned(),
        _ if target.is_linux() => "glibc 2.17".to_owned(),
        _ if target.is_windows() => "Windows 10".to_owned(),
        _ => format!("macOS {}", dist::macos_version(target.rust)),
    }
}

/// The result of a row, and whether it is a failure: not if this machine lacks what builds or runs it.
fn outcome(shell: &Shell, name: &str) -> (Outcome, bool) {
    let root = format!("{}/", shell.root.display());
    let mut is_failure = false;
    let mut reason = |error: Box<dyn std::error::Error>| {
        is_failure |= !error.is::<Missing>();
        one_line(&error.to_string(), &root)
    };
    let built = build(shell, name).map_err(&mut reason);
    let run = match &built {
        Ok(_) => run_built(shell, name).map_err(&mut reason),
        Err(_) => Err("not built".to_owned()),
    };
    (Outcome { built, run }, is_failure)
}

/// Builds what belongs to a row, and returns its size.
fn build(shell: &Shell, name: &str) -> Result<u64> {
    let path = match (Target::named(name), apple::slice(name)) {
        (Ok(target), _) => native::build(shell, &Zig::install(shell)?, target)?,
        (_, Ok(slice)) => return apple::build_slice(shell, slice),
        _ => android::build(shell, name)?,
    };
    Ok(std::fs::metadata(path)?.len())
}

/// Runs what was built, and returns how.
fn run_built(shell: &Shell, name: &str) -> Result<String> {
    match (Target::named(name), apple::slice(name)) {
        (Ok(target), _) => run::quickstart(shell, &Zig::install(shell)?, target),
        (_, Ok(_)) => Err(Missing("linked whole, but no program for it runs on this machine".into()).into()),
        _ => android::run_library(shell, name),
    }
}

/// An error as the cell of a table, with paths below the root of the repository. The command that failed, which has paths
/// of this machine, is in the output.
fn one_line(error: &str, root: &str) -> String {
    let line = error.lines().next().unwrap_or_default().replace(root, "").replace('|', "/");
    match line.split_once("): ") {
        Some((status, _)) if line.starts_with("failed (") => format!("{status})"),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_fit_into_a_cell_without_paths() {
        assert_eq!(
            one_line("failed (exit status: 1): /home/someone/cargo build\nmore", "/home/someone/"),
            "failed (exit status: 1)"
        );
        assert_eq!(one_line("no a|b in /home/someone/it", "/home/someone/"), "no a/b in it");
    }

    #[test]
    fn every_row_has_its_own_name() {
        let names: std::collections::BTreeSet<_> = rows().into_iter().map(|(name, _)| name).collect();
        let platforms: std::collections::BTreeSet<_> =
            rows().into_iter().map(|(_, row)| row.platform).collect();
        assert_eq!((names.len(), platforms.len()), (rows().len(), rows().len()));
    }
}
