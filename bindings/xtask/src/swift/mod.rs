//! Swift: tests and gates of the package in `bindings/swift` and of the examples.

mod surface;
mod toolchain;

use std::path::{Path, PathBuf};

use crate::emulator::{self, Emulator};
use crate::shell::{Result, Shell};
use crate::{build, files};
use toolchain::Toolchain;

const PACKAGE: &str = "bindings/swift";
const QUICKSTART: &str = "examples/swift/quickstart";
const LOGIN: &str = "examples/swift/login";

const CONSUMER: &str = "bindings/swift/Tests/Consumer";

/// Swift with its build folder. Package and examples share it: the module is compiled once, and the tests find the example
/// programs in their own folder.
struct Swift {
    toolchain: Toolchain,
    scratch: &'static str,
    /// More arguments of the package manager.
    flags: &'static [&'static str],
}

/// Debian's Swift 6.2 lacks the library of the overlay that the runner of tests imports.
const WITHOUT_OVERLAYS: &[&str] = &["-Xswiftc", "-Xfrontend", "-Xswiftc", "-disable-cross-import-overlays"];

impl Swift {
    fn find(shell: &Shell) -> Result<Self> {
        Ok(Self { toolchain: Toolchain::find(shell)?, scratch: "target/swift/build", flags: &[] })
    }

    fn find_newer(shell: &Shell) -> Result<Self> {
        Ok(Self {
            toolchain: Toolchain::find_newer(shell)?,
            scratch: "target/swift/build-newer",
            flags: WITHOUT_OVERLAYS,
        })
    }
}

pub fn test(shell: &Shell) -> Result {
    let swift = Swift::find(shell)?;
    run_tests(shell, &swift)?;
    let emulator = Emulator::start(shell)?;
    shell.run(emulator.configure(&mut run(&swift, shell, "run", QUICKSTART, &[])))
}

/// `cargo xtask swift-newer`: runs the tests with Swift 6.2, and an application with the strictest settings, which earlier
/// versions do not have.
pub fn test_newer(shell: &Shell) -> Result {
    let swift = Swift::find_newer(shell)?;
    run_tests(shell, &swift)?;
    let emulator = Emulator::start(shell)?;
    shell.run(emulator.configure(&mut run(&swift, shell, "run", CONSUMER, &[])))
}

fn run_tests(shell: &Shell, swift: &Swift) -> Result {
    sources(shell)?;
    // The chroot does not see CARGO_TARGET_DIR if that is outside of the repository.
    let program = shell.root.join("target/swift/scalekit-emulator");
    copy_if_changed(&emulator::program(shell)?, &program)?;
    // The tests run the login example and act as its browser.
    shell.run(&mut run(swift, shell, "build", LOGIN, &[]))?;
    // All tests use XCTest; Swift Testing would report that it ran none.
    let mut tests = run(swift, shell, "test", PACKAGE, &["--disable-swift-testing"]);
    shell.run(tests.env("SCALEKIT_EMULATOR", program))
}

/// The folders of the chroots with Swift, whether they exist or not.
pub fn chroots() -> Vec<PathBuf> {
    [toolchain::chroot_path(), toolchain::newer_chroot_path()].into_iter().flatten().collect()
}

/// Compiles the package, the tests and the examples, with warnings as errors.
pub fn check(shell: &Shell) -> Result {
    let swift = Swift::find(shell)?;
    sources(shell)?;
    for example in [QUICKSTART, LOGIN] {
        shell.run(&mut run(&swift, shell, "build", example, &[]))?;
    }
    shell.run(&mut run(&swift, shell, "build", PACKAGE, &["--build-tests"]))
}

/// The listing of the module's public API: generated sources first, then the handwritten ones.
pub fn listing(shell: &Shell) -> Result<String> {
    let folders = [bind(shell)?.join("Scalekit"), shell.root.join(PACKAGE).join("Sources/Scalekit")];
    let mut text = String::new();
    for folder in folders {
        for path in files::ending_in(&folder, ".swift")? {
            text += &std::fs::read_to_string(path)?;
            text += "\n";
        }
    }
    Ok(surface::listing(&text))
}

/// A command of Swift's package manager. All commands have the same flags, so that nothing is compiled twice.
fn run(swift: &Swift, shell: &Shell, task: &str, package: &str, more: &[&str]) -> std::process::Command {
    let mut command = swift.toolchain.command(shell);
    command.args([task, "--package-path", package, "--scratch-path", swift.scratch]).args(more);
    command.args(["-Xswiftc", "-warnings-as-errors"]).args(swift.flags);
    command
}

/// Generates the sources and returns their folder.
fn bind(shell: &Shell) -> Result<PathBuf> {
    let out = shell.root.join("target/swift/generated");
    build::bind(shell, "swift", &out)?;
    Ok(out)
}

/// Creates the files of the package that are not committed: generated sources, scenarios, the native library.
fn sources(shell: &Shell) -> Result {
    let out = bind(shell)?;
    let library = build::library(shell)?;
    let scenarios = out.join("Generated.swift");
    let words = "run --quiet --package uniffi-bindgen --bin scalekit-bindgen -- swift-scenarios";
    let mut generate = shell.command(env!("CARGO"));
    generate.args(words.split(' ')).arg("--library").arg(&library).arg("--out").arg(&scenarios);
    shell.run(&mut generate)?;

    let package = shell.root.join(PACKAGE);
    module(&out.join("Scalekit"), &package.join("Sources/Scalekit/Generated"))?;
    let ffi = package.join("Sources/scalekit_ffiFFI");
    for (from, to) in [
        (out.join("scalekit_ffiFFI.h"), ffi.join("scalekit_ffiFFI.h")),
        (out.join("scalekit_ffiFFI.modulemap"), ffi.join("module.modulemap")),
        (scenarios, package.join("Tests/ScalekitTests/Scenarios/Generated.swift")),
        (library, package.join("lib").join(build::library_name())),
    ] {
        copy_if_changed(&from, &to)?;
    }
    Ok(())
}

/// Copies the files of the module, and removes those of earlier versions.
fn module(from: &Path, to: &Path) -> Result {
    std::fs::create_dir_all(to)?;
    for old in files::ending_in(to, ".swift")? {
        if !from.join(old.file_name().unwrap_or_default()).exists() {
            std::fs::remove_file(old)?;
        }
    }
    for path in files::ending_in(from, ".swift")? {
        copy_if_changed(&path, &to.join(path.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

/// Keeps the modification time of an unchanged file, which the package manager would otherwise compile again.
fn copy_if_changed(from: &Path, to: &Path) -> Result {
    let text = std::fs::read(from).map_err(|e| format!("{}: {e}", from.display()))?;
    if std::fs::read(to).is_ok_and(|old| old == text) {
        return Ok(());
    }
    std::fs::create_dir_all(to.parent().ok_or("a file has a folder")?)?;
    // A running program may still use the old file, so that it is replaced instead of overwritten.
    let _ = std::fs::remove_file(to);
    std::fs::copy(from, to)?;
    Ok(())
}
