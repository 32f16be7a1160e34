//! The examples of the languages that call the C library, with the installed library.

use std::path::Path;
use std::process::Command;

use super::library::STRICT_C;
use crate::emulator::Emulator;
use crate::shell::{Missing, Result, Shell};

/// An example, and the function that runs it.
type Example = (&'static str, fn(&Shell, &Path) -> Result);

const EXAMPLES: [Example; 6] = [
    ("c", quickstart),
    ("c static", statically),
    ("c webhooks", webhooks),
    ("c++", cpp),
    ("go", go),
    ("ruby", ruby),
];

/// Runs all examples. One whose toolchain is not installed is reported after the others have run.
pub fn run(shell: &Shell, prefix: &Path) -> Result {
    let mut missing = Vec::new();
    for (name, example) in EXAMPLES {
        eprintln!("\n--- example: {name}");
        match example(shell, prefix) {
            Err(error) if error.is::<Missing>() => missing.push(error.to_string()),
            other => other?,
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Missing(missing.join("; ")).into()) }
}

/// A command that finds the installed library, and the emulator.
fn at<'a>(emulator: &Emulator, prefix: &Path, command: &'a mut Command) -> &'a mut Command {
    let libraries = prefix.join("lib");
    command.env("PKG_CONFIG_PATH", libraries.join("pkgconfig")).env("LD_LIBRARY_PATH", libraries);
    emulator.configure(command)
}

/// How a program is linked: the arguments of pkg-config and of the compiler.
type Linking = (&'static [&'static str], &'static [&'static str]);

const SHARED: Linking = (&[], &[]);
const STATIC: Linking = (&["--static"], &["-static"]);

/// Compiles a C program by `pkg-config`.
fn compiled(shell: &Shell, prefix: &Path, name: &str, (more, flags): Linking) -> Result<std::path::PathBuf> {
    shell.require("pkg-config", "the C examples find the library with it")?;
    let out = shell.root.join("target/c").join(name);
    let mut libraries = shell.command("pkg-config");
    libraries.args(["--cflags", "--libs", "scalekit"]).args(more);
    let libraries = shell.output(libraries.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")))?;
    let mut compile = shell.command("gcc");
    compile.args(STRICT_C).args(flags).arg(shell.root.join("examples/c").join(name).with_extension("c"));
    shell.run(compile.arg("-o").arg(&out).args(libraries.split_whitespace()))?;
    Ok(out)
}

fn quickstart(shell: &Shell, prefix: &Path) -> Result {
    run_quickstart(shell, prefix, SHARED)
}

/// Contains the library and libc.
fn statically(shell: &Shell, prefix: &Path) -> Result {
    run_quickstart(shell, prefix, STATIC)
}

fn run_quickstart(shell: &Shell, prefix: &Path, linking: Linking) -> Result {
    let program = compiled(shell, prefix, "quickstart", linking)?;
    let emulator = Emulator::start(shell)?;
    shell.run(at(&emulator, prefix, &mut shell.command(program)))
}

/// The receiver signs a webhook and sends it to itself, then ends.
fn webhooks(shell: &Shell, prefix: &Path) -> Result {
    let program = compiled(shell, prefix, "webhooks", SHARED)?;
    let emulator = Emulator::start(shell)?;
    shell.run(at(&emulator, prefix, &mut shell.command(program)).arg("--test"))
}

fn cpp(shell: &Shell, prefix: &Path) -> Result {
    shell.require("cmake", "the C++ example is built with it")?;
    let build = shell.root.join("target/c/cpp");
    let mut configure = shell.command("cmake");
    configure.arg("-S").arg(shell.root.join("examples/cpp")).arg("-B").arg(&build);
    shell.run(configure.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())))?;
    shell.run(shell.command("cmake").arg("--build").arg(&build))?;
    cmake_versions(shell, prefix)?;
    let emulator = Emulator::start(shell)?;
    shell.run(at(&emulator, prefix, &mut shell.command(build.join("quickstart"))))
}

/// The versions that `find_package` accepts.
fn cmake_versions(shell: &Shell, prefix: &Path) -> Result {
    let mut configure = shell.command("cmake");
    configure.arg("-S").arg(shell.root.join("bindings/c/tests/cmake"));
    configure.arg("-B").arg(shell.root.join("target/c/versions"));
    shell.run(configure.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())))
}

fn go(shell: &Shell, prefix: &Path) -> Result {
    if !shell.succeeds(&["go", "version"]) {
        return Err(Missing("go is not installed (the Go example)".into()).into());
    }
    let emulator = Emulator::start(shell)?;
    let mut run = shell.command("go");
    run.args(["run", "."]).current_dir(shell.root.join("examples/go")).env("GOFLAGS", "-mod=mod");
    shell.run(at(&emulator, prefix, &mut run))
}

fn ruby(shell: &Shell, prefix: &Path) -> Result {
    shell.require("ruby", "the Ruby example")?;
    let emulator = Emulator::start(shell)?;
    let mut run = shell.command("ruby");
    shell.run(at(&emulator, prefix, run.arg("examples/ruby/quickstart.rb")))
}
