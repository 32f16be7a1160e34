//! LLVM's unwinder, which Rust's standard library needs on Android and the NDK contains: built from the sources that zig
//! ships.

use std::path::{Path, PathBuf};

use super::abi::Abi;
use crate::files;
use crate::shell::{Result, Shell};
use crate::zig::Zig;

const SOURCES: [&str; 6] = [
    "libunwind.cpp",
    "Unwind-EHABI.cpp",
    "UnwindLevel1.c",
    "UnwindLevel1-gcc-ext.c",
    "UnwindRegistersRestore.S",
    "UnwindRegistersSave.S",
];

const FLAGS: [&str; 11] = [
    "-O2",
    "-g0",
    "-fPIC",
    "-DNDEBUG",
    "-fvisibility=hidden",
    "-fno-exceptions",
    "-funwind-tables",
    "-fstrict-aliasing",
    "-D_LIBUNWIND_HIDE_SYMBOLS",
    // The headers are musl's. bionic's `errno` is another function.
    "-D__errno_location=__errno",
    "-Wno-everything",
];

/// Builds `libunwind.a` for an ABI, and returns its folder.
pub fn build(shell: &Shell, zig: &Zig, abi: &Abi) -> Result<PathBuf> {
    let folder = shell.root.join("target/android/unwind").join(abi.name);
    files::recreate(&folder)?;
    let library = zig.sources(shell)?.join("libunwind");
    for source in SOURCES {
        shell.run(&mut compile(shell, zig, abi, &library, source, &folder))?;
    }
    let mut archive = zig.command(shell, "ar");
    archive.arg("crsD").arg(folder.join("libunwind.a")).args(files::ending_in(&folder, ".o")?);
    shell.run(&mut archive)?;
    Ok(folder)
}

fn compile(
    shell: &Shell,
    zig: &Zig,
    abi: &Abi,
    library: &Path,
    source: &str,
    out: &Path,
) -> std::process::Command {
    let (tool, language) = if source.ends_with(".cpp") {
        ("c++", &["-std=c++17", "-fno-rtti", "-nostdlib++"][..])
    } else {
        ("cc", &[][..])
    };
    let mut compile = zig.command(shell, tool);
    compile.args(["-target", &format!("{}-linux-musl{}", abi.zig_arch, abi.zig_eabi)]);
    compile.args(language).args(FLAGS);
    // Locks with bionic's layout, before those of musl.
    compile.arg("-I").arg(shell.root.join("bindings/android/unwind")).arg("-I").arg(library.join("include"));
    compile.arg("-c").arg(library.join("src").join(source)).arg("-o").arg(out.join(format!("{source}.o")));
    compile
}
