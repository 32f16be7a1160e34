//! The entry point of every task, locally and in CI: `cargo xtask help`.

mod android;
mod api;
mod apple;
mod audit;
mod bench;
mod build;
mod c;
mod check;
mod checksums;
mod chroot;
mod clean;
mod consent;
mod container;
mod demo;
mod dist;
mod emulator;
mod files;
mod fuzz;
mod hardened;
mod kotlin;
mod metadata;
mod models;
#[cfg(test)]
mod modules;
mod native;
mod operations;
mod platforms;
mod python;
mod release;
mod report;
mod rust;
mod sanitize;
mod sbom;
mod semver;
mod shell;
mod shipped;
mod shipped_crates;
mod sizes;
mod soak;
mod swift;
mod systems;
mod terms;
mod zig;

use std::process::ExitCode;

use report::Step;
use shell::{Result, Shell};

const HELP: &str = "\
cargo xtask demo              build and install the Python package into .venv, and run the quickstart on the emulator; at
                              a terminal, leave the emulator and a login running, and write .env
cargo xtask demo stop         stop what the demo has left running
cargo xtask test [LANGUAGE]…  all tests, or those of rust, c, python, kotlin, swift
cargo xtask check [GATE]…     all gates, or some: formatting, spelling, terms, lints, licenses, types, listings, …
cargo xtask fuzz [SECONDS] [TARGET]…
                              run each fuzz target, or some, for 60 seconds or the given time; needs nightly Rust
cargo xtask models            model checking of the caches of the core; part of `test rust`
cargo xtask sanitize [TOOL]…  run tests of the core under miri and threads (ThreadSanitizer), or one of them; needs
                              nightly Rust
cargo xtask bench [quick] [ROW]…
                              compare with other libraries, and write tests/bench/RESULTS.md; quick: only check that all
                              contestants run
cargo xtask bench steps       print the duration of each step of a call from Python
cargo xtask bench report      write tests/bench/RESULTS.md from the existing results
cargo xtask soak [release] [--calls N] [--seed N] [--report FILE]
                              call all areas of the API under fault injection, and verify a ledger of every write
cargo xtask semver [REV]      check the Rust API and the C ABI for breaking changes since REV; default: the newest
                              version tag
cargo xtask generate [c]      write the generated modules of the Python package and the header of the C library, or
                              the header alone
cargo xtask api               write the listings of the public APIs to bindings/api, and the README's table
cargo xtask package [NAME]…   build the stripped library, the wheel and the jar, or one of them, and print their sizes
cargo xtask wheels [TARGET]…  build the wheels to publish, for this machine or for Rust targets (zig links for Linux)
cargo xtask try WHEEL [PYTHON]…
                              install a wheel into an isolated environment of each Python, and run the quickstart
cargo xtask interpreters [NAME]…
                              test the Python package on all interpreters of this machine and of Debian, or on some,
                              such as 3.14 and PyPy
cargo xtask reproduce [TARGET]
                              build a wheel in two folders, and compare them
cargo xtask jar WHEEL…        build the jar to publish, with the native libraries of these wheels
cargo xtask jar check         build the packages for the JVM twice and compare them, and use them with Maven and Gradle
cargo xtask native [TARGET]…  build the archives of the C library to publish, for this machine or for Rust targets, with
                              zig as compiler and linker
cargo xtask platforms [NAME]… build for every platform what this machine can, or for some, such as musl and arm64; run
                              what it can; and write PLATFORMS.md
cargo xtask aar [ABI]…        build the native libraries for Android, with the NDK of ANDROID_NDK_HOME or with zig, and
                              the AAR to publish; or the libraries of some ABIs
cargo xtask aar package       build the AAR of the libraries that are already built
cargo xtask aar check [CHECK]…
                              check the AAR, shrink an app by its rules, test the example app on the JVM, and run the
                              libraries: contents, jna, api, shrink, resources, app, device, host,
                              host-arm64
cargo xtask xcframework [SLICE]…
                              build Scalekit.xcframework for iOS and macOS with zig, or on a Mac with Xcode, and the
                              Swift package around it; or only build and check some slices, such as ios-arm64
cargo xtask release --all     build the wheels, the archives of the C library, the AAR and the Swift package for all
                              platforms that this machine has tools for, each with its SBOM, into target/package/release
cargo xtask release PART…     build some of them, such as wheel:aarch64-apple-darwin and android
cargo xtask emulator [TARGET]…
                              build the emulator's wheels and programs to publish, into target/package/emulator
cargo xtask emulator-jar PROGRAM…
                              build the emulator's jar to publish, with these programs
cargo xtask sbom [TARGET]…    write the SBOM of the library, for this machine or for Rust targets, to target/package
cargo xtask install --prefix DIR
                              build the C library for release, and install it with its headers into DIR
cargo xtask leaks             10,000 calls of the C library under valgrind
cargo xtask sizes             build the packages, and accept their sizes into bindings/size.json
cargo xtask clean             remove everything that tasks have built or installed, and print its size
cargo xtask swift-newer       test the Swift package with Swift 6.2, and run an application with strict memory safety and
                              isolation to the main actor by default
cargo xtask bind LANGUAGE DIR generate the sources of a language into DIR

A step whose toolchain is not installed is reported and skipped; with CI=true it fails. Downloads of more than 100 MB are
announced: a terminal is asked, and SCALEKIT_DOWNLOADS=yes or no answers. CI=true also tests the release
profile, which is the one that ships.";

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

fn run(arguments: &[&str]) -> Result {
    let shell = Shell::new()?;
    match arguments {
        ["demo"] => demo::run(&shell),
        ["demo", "stop"] => demo::stop(&shell),
        ["test", languages @ ..] => report::run_steps(&shell, "language", &SUITES, languages),
        ["check", gates @ ..] => check::run(&shell, gates),
        ["fuzz", arguments @ ..] => fuzz::run(&shell, arguments),
        ["models"] => models::run(&shell),
        ["sanitize", tools @ ..] => sanitize::run(&shell, tools),
        ["bench", arguments @ ..] => bench::run(&shell, arguments),
        ["soak", arguments @ ..] => soak::run(&shell, arguments),
        ["semver"] => semver::run(&shell, None),
        ["semver", revision] => semver::run(&shell, Some(revision)),
        ["generate"] => python::generate::write(&shell).and_then(|()| c::header::write(&shell)),
        ["generate", "c"] => c::header::write(&shell),
        ["api"] => api::write(&shell),
        ["package", names @ ..] => sizes::package(&shell, names),
        ["wheels", targets @ ..] => python::wheels::run(&shell, targets),
        ["try", wheel, pythons @ ..] => python::isolated::run(&shell, wheel, pythons),
        ["interpreters", names @ ..] => python::interpreters::run(&shell, names),
        ["reproduce"] => python::reproduce::run(&shell, None),
        ["reproduce", target] => python::reproduce::run(&shell, Some(target)),
        ["jar", "check"] => kotlin::published::check(&shell),
        ["jar", wheels @ ..] => kotlin::publish(&shell, wheels),
        ["aar", "package"] => android::package(&shell),
        ["aar", "check", checks @ ..] => android::check(&shell, checks),
        ["aar", abis @ ..] => android::run(&shell, abis),
        ["platforms", names @ ..] => platforms::run(&shell, names),
        ["release", parts @ ..] => release::run(&shell, parts),
        ["xcframework", slices @ ..] => apple::xcframework(&shell, slices),
        ["native", targets @ ..] => native::run(&shell, targets),
        ["emulator", targets @ ..] => python::emulator_package::publish(&shell, targets),
        ["emulator-jar", programs @ ..] => kotlin::emulator_jar::publish(&shell, programs),
        ["sbom", targets @ ..] => sbom::run(&shell, targets),
        ["clean"] => clean::run(&shell),
        ["install", "--prefix", prefix] => c::install::run(&shell, prefix),
        ["leaks"] => c::test::leaks(&shell),
        ["sizes"] => sizes::accept(&shell),
        ["swift-newer"] => swift::test_newer(&shell),
        ["bind", language, directory] => build::bind(&shell, language, &shell.root.join(directory)),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("unknown task: {}\n\n{HELP}", other.join(" ")).into()),
    }
}

const SUITES: [Step; 5] = [
    ("rust", rust::test),
    ("c", c::test::run),
    ("python", python::test),
    ("kotlin", kotlin::test),
    ("swift", swift::test),
];
