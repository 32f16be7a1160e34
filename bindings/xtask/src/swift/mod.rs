//! Swift: the package in `bindings/swift`, its tests, and the examples.

mod surface;
mod toolchain;

use std::error::Error;
use std::path::{Path, PathBuf};

use crate::build;
use crate::emulator::{self, Emulator};
use crate::shell::{Done, Shell};
use toolchain::Toolchain;

const PACKAGE: &str = "bindings/swift";
const QUICKSTART: &str = "examples/swift/quickstart";
const LOGIN: &str = "examples/swift/login";

/// Where Swift builds. One folder for package and examples: the module is compiled once, and the tests find the
/// programs beside themselves.
const SCRATCH: &str = "target/swift/build";

pub fn test(shell: &Shell) -> Done {
    let swift = Toolchain::find(shell)?;
    sources(shell)?;
    // Beside the rest, where a chroot sees it.
    let program = shell.root.join("target/swift/scalekit-emulator");
    copy_if_changed(&emulator::program(shell)?, &program)?;
    // The tests are its browser.
    shell.run(&mut run(&swift, shell, "build", LOGIN, &[]))?;
    // The line that counts tests is XCTest's; the other framework would say that it ran none.
    let mut tests = run(&swift, shell, "test", PACKAGE, &["--disable-swift-testing"]);
    shell.run(tests.env("SCALEKIT_EMULATOR", program))?;
    let emulator = Emulator::start(shell)?;
    shell.run(emulator.tell(&mut run(&swift, shell, "run", QUICKSTART, &[])))
}

/// Every warning is an error.
pub fn check(shell: &Shell) -> Done {
    let swift = Toolchain::find(shell)?;
    sources(shell)?;
    for example in [QUICKSTART, LOGIN] {
        shell.run(&mut run(&swift, shell, "build", example, &[]))?;
    }
    shell.run(&mut run(&swift, shell, "build", PACKAGE, &["--build-tests"]))
}

/// What a user of the module sees: what is generated, then what is ours.
pub fn listing(shell: &Shell) -> Result<String, Box<dyn Error>> {
    let generated = bind(shell)?;
    let mut text = std::fs::read_to_string(generated.join("Scalekit.swift"))?;
    let mut ours: Vec<_> = std::fs::read_dir(shell.root.join(PACKAGE).join("Sources/Scalekit"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    ours.retain(|path| !path.ends_with("Scalekit.swift"));
    ours.sort();
    for path in ours {
        text += "\n";
        text += &std::fs::read_to_string(path)?;
    }
    Ok(surface::listing(&text))
}

/// A command of Swift's package manager, with the flags that all of them share, so that nothing is compiled twice.
fn run(swift: &Toolchain, shell: &Shell, task: &str, package: &str, more: &[&str]) -> std::process::Command {
    let lib = shell.root.join(PACKAGE).join("lib");
    let mut command = swift.command(shell);
    command.args([task, "--package-path", package, "--scratch-path", SCRATCH]).args(more);
    command.args(["-Xswiftc", "-warnings-as-errors"]);
    command.arg("-Xlinker").arg(format!("-L{}", lib.display()));
    command.args(["-Xlinker", "-rpath", "-Xlinker"]).arg(lib);
    command
}

/// Generates and finishes the sources, and gives their folder.
fn bind(shell: &Shell) -> Result<PathBuf, Box<dyn Error>> {
    let out = shell.root.join("target/swift/generated");
    build::bind(shell, "swift", &out)?;
    Ok(out)
}

/// Puts all that is not committed in its place.
fn sources(shell: &Shell) -> Done {
    let out = bind(shell)?;
    let library = build::library(shell)?;
    let scenarios = out.join("Generated.swift");
    let words = "run --quiet --package uniffi-bindgen --bin uniffi-bindgen -- swift-scenarios";
    let mut generate = shell.command(env!("CARGO"));
    generate.args(words.split(' ')).arg("--library").arg(&library).arg("--out").arg(&scenarios);
    shell.run(&mut generate)?;

    let package = shell.root.join(PACKAGE);
    let ffi = package.join("Sources/scalekit_ffiFFI");
    for (from, to) in [
        (out.join("Scalekit.swift"), package.join("Sources/Scalekit/Scalekit.swift")),
        (out.join("scalekit_ffiFFI.h"), ffi.join("scalekit_ffiFFI.h")),
        (out.join("scalekit_ffiFFI.modulemap"), ffi.join("module.modulemap")),
        (scenarios, package.join("Tests/ScalekitTests/Scenarios/Generated.swift")),
        (library, package.join("lib").join(build::library_name())),
    ] {
        copy_if_changed(&from, &to)?;
    }
    Ok(())
}

/// A file that is newer is compiled anew, whatever is in it.
fn copy_if_changed(from: &Path, to: &Path) -> Done {
    let text = std::fs::read(from).map_err(|e| format!("{}: {e}", from.display()))?;
    if std::fs::read(to).is_ok_and(|old| old == text) {
        return Ok(());
    }
    std::fs::create_dir_all(to.parent().ok_or("a file has a folder")?)?;
    // Not over the old file: a program that still runs keeps it.
    let _ = std::fs::remove_file(to);
    std::fs::copy(from, to)?;
    Ok(())
}
