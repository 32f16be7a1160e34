//! The one door for every task, at home and in CI: `cargo xtask help`.

mod api;
mod audit;
mod bench;
mod build;
mod check;
mod dist;
mod emulator;
mod fuzz;
mod hardened;
mod kotlin;
mod models;
mod python;
mod report;
mod rust;
mod sanitize;
mod sbom;
mod shell;
mod shipped;
mod shipped_tree;
mod sizes;
mod soak;
mod swift;
mod table;
mod terms;

use std::process::ExitCode;

use report::Step;
use shell::{Done, Shell};

const HELP: &str = "\
cargo xtask demo              build, install into .venv, start the emulator, run the Python quickstart on it
cargo xtask test [LANGUAGE]…  every test, or those of rust, python, kotlin, swift
cargo xtask check [GATE]…     all gates, or some: formatting, spelling, lints, licenses, types, listings, …
cargo xtask fuzz [SECONDS] [TARGET]…
                              each fuzz target for 60 seconds, or so many: it needs nightly Rust
cargo xtask models            the caches of the core in every order of events, as `test rust` runs them too
cargo xtask sanitize [TOOL]…  the core under Miri and ThreadSanitizer, or one of miri, threads: it needs nightly Rust
cargo xtask bench [quick] [ROW]…
                              everybody who does the same work, in turn; writes tests/bench/RESULTS.md. quick: only
                              whether they all run
cargo xtask bench steps       where our calls from Python spend their time
cargo xtask soak [release] [--calls N] [--seed N] [--report FILE]
                              everything at once through everything that goes wrong, and a ledger of every write
cargo xtask api               write the listings of the generated surfaces to bindings/api, and the README's table
cargo xtask package           the stripped library, the wheel and the jar, with their sizes
cargo xtask wheels [TARGET]…  the wheels to publish: for this machine, or for these of Rust's targets (zig links those
                              for Linux)
cargo xtask try WHEEL [PYTHON]…
                              installs a wheel where nothing else is, and runs the quickstart on it
cargo xtask reproduce [TARGET]
                              builds a wheel twice, here and elsewhere, and compares
cargo xtask jar WHEEL…        the jar to publish, with the libraries of these wheels
cargo xtask sbom [TARGET]…    what the library is made of, here or on these systems, as CycloneDX in target/package
cargo xtask sizes             take their sizes of now as those that may be, in bindings/size.json
cargo xtask bind LANGUAGE DIR generate one language's sources into DIR

A toolchain that is missing is said loudly and passed over; with CI=true it is a failure. CI=true also tests the
release build, which is the one that ships.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Done {
    let shell = Shell::new()?;
    match arguments {
        ["demo"] => python::demo(&shell),
        ["test", languages @ ..] => report::run_steps(&shell, "language", &SUITES, languages),
        ["check", gates @ ..] => check::run(&shell, gates),
        ["fuzz", arguments @ ..] => fuzz::run(&shell, arguments),
        ["models"] => models::run(&shell),
        ["sanitize", tools @ ..] => sanitize::run(&shell, tools),
        ["bench", arguments @ ..] => bench::run(&shell, arguments),
        ["soak", arguments @ ..] => soak::run(&shell, arguments),
        ["api"] => api::write(&shell),
        ["package"] => sizes::package(&shell),
        ["wheels", targets @ ..] => python::wheels::run(&shell, targets),
        ["try", wheel, pythons @ ..] => python::clean::run(&shell, wheel, pythons),
        ["reproduce"] => python::reproduce::run(&shell, None),
        ["reproduce", target] => python::reproduce::run(&shell, Some(target)),
        ["jar", wheels @ ..] => kotlin::publish(&shell, wheels),
        ["sbom", targets @ ..] => sbom::run(&shell, targets),
        ["sizes"] => sizes::keep(&shell),
        ["bind", language, directory] => build::bind(&shell, language, &shell.root.join(directory)),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("no such task: {}\n\n{HELP}", other.join(" ")).into()),
    }
}

const SUITES: [Step; 4] =
    [("rust", rust::test), ("python", python::test), ("kotlin", kotlin::test), ("swift", swift::test)];
