//! Runs the quickstart in C with the library of a target, and the emulator of the service.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::c::library::{PRIVATE_LIBRARIES, STRICT_C};
use crate::emulator::Emulator;
use crate::files;
use crate::native;
use crate::native::target::Target;
use crate::shell::{Missing, Result, Shell};
use crate::systems;
use crate::zig::Zig;

/// The C library for ARM in the chroot, for QEMU.
const ARM_ROOT: &str = "/usr/aarch64-linux-gnu";

/// Compiles the quickstart against the unpacked archive, runs it, and returns how.
pub fn quickstart(shell: &Shell, zig: &Zig, target: &Target) -> Result<String> {
    let prefix = native::prefix(shell, target);
    let folder = shell.root.join("target/platforms/programs").join(target.rust);
    files::recreate(&folder)?;
    match target.rust {
        "x86_64-unknown-linux-gnu" => {
            let program = shared(shell, zig, target, &prefix, &folder)?;
            run(shell, shell.command(program))?;
            Ok("C quickstart on this machine".into())
        }
        "aarch64-unknown-linux-gnu" => {
            let program = shared(shell, zig, target, &prefix, &folder)?;
            let mut qemu = systems::debian(shell)?.command(shell, "qemu-aarch64");
            qemu.args(["-L", ARM_ROOT]).arg(program);
            run(shell, qemu)?;
            Ok("C quickstart under QEMU".into())
        }
        "x86_64-unknown-linux-musl" => {
            let program = shared(shell, zig, target, &prefix, &folder)?;
            run(shell, systems::alpine(shell)?.command(shell, program))?;
            let program = statically(shell, zig, target, &prefix, &folder)?;
            run(shell, shell.command(program))?;
            Ok("C quickstart in Alpine, and as a static program on this machine".into())
        }
        "aarch64-unknown-linux-musl" => {
            let program = statically(shell, zig, target, &prefix, &folder)?;
            let mut qemu = systems::debian(shell)?.command(shell, "qemu-aarch64");
            qemu.arg(program);
            run(shell, qemu)?;
            Ok("C quickstart as a static program under QEMU".into())
        }
        "x86_64-pc-windows-gnu" => {
            std::fs::copy(prefix.join("bin/scalekit.dll"), folder.join("scalekit.dll"))?;
            let program = compile(shell, zig, target, &prefix, &folder.join("quickstart.exe"), |command| {
                command.arg(prefix.join("lib/libscalekit.dll.a"));
            })?;
            let mut wine = systems::debian(shell)?.command(shell, "env");
            wine.args(["WINEDEBUG=-all", "WINEPREFIX=/var/tmp/wine", "wine"]).arg(program);
            run(shell, wine)?;
            Ok("C quickstart under Wine".into())
        }
        other => Err(Missing(format!("no program for {other} runs on this machine")).into()),
    }
}

/// Compiles a program that loads the shared library.
fn shared(shell: &Shell, zig: &Zig, target: &Target, prefix: &Path, folder: &Path) -> Result<PathBuf> {
    let libraries = prefix.join("lib");
    compile(shell, zig, target, prefix, &folder.join("shared"), |command| {
        command.arg("-L").arg(&libraries).arg("-lscalekit");
        command.arg(format!("-Wl,-rpath,{}", libraries.display()));
    })
}

/// Compiles a program that contains the library and the C library.
fn statically(shell: &Shell, zig: &Zig, target: &Target, prefix: &Path, folder: &Path) -> Result<PathBuf> {
    compile(shell, zig, target, prefix, &folder.join("static"), |command| {
        command.arg("-static").arg(prefix.join("lib/libscalekit.a")).args(PRIVATE_LIBRARIES);
        // gcc adds its unwinder by itself.
        command.arg("-lunwind");
    })
}

fn compile(
    shell: &Shell,
    zig: &Zig,
    target: &Target,
    prefix: &Path,
    out: &Path,
    link: impl FnOnce(&mut Command),
) -> Result<PathBuf> {
    let mut compile = zig.command(shell, "cc");
    compile.args(["-target", target.zig]).args(STRICT_C).arg("-I").arg(prefix.join("include"));
    compile.arg(shell.root.join("examples/c/quickstart.c")).arg("-o").arg(out);
    link(&mut compile);
    shell.run(&mut compile)?;
    Ok(out.to_owned())
}

fn run(shell: &Shell, mut program: Command) -> Result {
    shell.run(Emulator::start(shell)?.configure(&mut program))
}
