//! Builds the C library, and programs that use it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{Result, Shell};
use crate::zig::Zig;
use crate::{build, dist};

pub const PACKAGE: &str = "scalekit-c";

/// The folder of the C library's sources.
pub const FOLDER: &str = "bindings/c";

/// The number of the ABI, in the name by which programs load the library.
pub const ABI: &str = "0";

/// The standards and warnings that headers, examples and tests must pass. No macro of libc is defined here: a program
/// that needs one must define it itself, because its users compile it without ours.
pub const STRICT_C: [&str; 5] = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
pub const STRICT_CPP: [&str; 5] = ["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// What a program that links the archive needs besides it.
pub const PRIVATE_LIBRARIES: [&str; 3] = ["-lpthread", "-ldl", "-lm"];

/// The shared library and the archive.
pub struct Built {
    pub shared: PathBuf,
    pub archive: PathBuf,
    /// A folder in which programs find the shared library by the name that they load it by.
    pub runtime: PathBuf,
}

/// Builds both libraries, in the profile that the other languages test.
pub fn build(shell: &Shell) -> Result<Built> {
    let profile = build::profile_name(shell);
    shell.cargo(&format!("build --profile {profile} --package {PACKAGE}"))?;
    let folder = build::target(shell).join(if profile == "dev" { "debug" } else { profile });
    let (shared, runtime) = (folder.join("libscalekit.so"), folder.join("scalekit-c"));
    std::fs::create_dir_all(&runtime)?;
    link(&shared, &runtime.join(format!("libscalekit.so.{ABI}")))?;
    Ok(Built { shared, archive: folder.join("libscalekit.a"), runtime })
}

/// Makes a symbolic link, in place of any file.
#[cfg(unix)]
pub fn link(target: &Path, at: &Path) -> Result {
    if at.symlink_metadata().is_ok() {
        std::fs::remove_file(at)?;
    }
    Ok(std::os::unix::fs::symlink(target, at)?)
}

#[cfg(not(unix))]
pub fn link(_: &Path, _: &Path) -> Result {
    Err("the C library is built on Unix only".into())
}

/// The folder of the header, for a compiler.
pub fn include(shell: &Shell) -> PathBuf {
    shell.root.join(FOLDER).join("include")
}

/// The names of the functions that the header declares.
pub fn functions(header: &str) -> impl Iterator<Item = &str> {
    let words = header.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '('));
    let names = words.filter_map(|word| word.split_once('(')).map(|(name, _)| name);
    names.filter(|name| name.starts_with("scalekit_"))
}

/// The programs that change libraries.
pub enum Tools<'a> {
    /// Those of the system, for its own libraries.
    System,
    /// Those of Rust and zig, for Linux on any processor.
    Portable(&'a Zig),
}

impl Tools<'_> {
    /// Copies a shared library without what only debuggers read.
    pub fn copy_stripped(&self, shell: &Shell, library: &Path, to: &Path) -> Result {
        match self {
            Self::System => build::copy_stripped(shell, library, to),
            Self::Portable(_) => {
                std::fs::copy(library, to)?;
                shell.run(dist::rust_objcopy(shell)?.arg("--strip-unneeded").arg(to))
            }
        }
    }

    fn linker(&self, shell: &Shell) -> Result<Command> {
        Ok(match self {
            Self::System => shell.command("ld"),
            Self::Portable(_) => {
                let mut linker = shell.command(dist::rust_tool(shell, "rust-lld")?);
                linker.args(["-flavor", "gnu"]);
                linker
            }
        })
    }

    fn objcopy(&self, shell: &Shell) -> Result<Command> {
        match self {
            Self::System => Ok(shell.command("objcopy")),
            Self::Portable(_) => dist::rust_objcopy(shell),
        }
    }

    fn archiver(&self, shell: &Shell) -> Command {
        match self {
            Self::System => shell.command("ar"),
            Self::Portable(zig) => zig.command(shell, "ar"),
        }
    }
}

/// Writes the archive with every symbol hidden but ours, so that it can be linked with other Rust archives: they all
/// define `rust_eh_personality`.
pub fn hide_symbols(shell: &Shell, tools: &Tools<'_>, archive: &Path, to: &Path) -> Result {
    let folder = to.parent().ok_or("the archive has no folder")?;
    let object = folder.join("scalekit.o");
    let mut link = tools.linker(shell)?;
    link.args(["--relocatable", "--whole-archive", "-o"]).arg(&object).arg(archive);
    shell.run(&mut link)?;
    let mut hide = tools.objcopy(shell)?;
    hide.args(["--wildcard", "--keep-global-symbol=scalekit_*", "--strip-debug"]);
    // The bitcode of std, which linkers with a plugin of an older LLVM cannot read.
    hide.args(["--remove-section=.llvmbc", "--remove-section=.llvmcmd"]).arg(&object);
    shell.run(&mut hide)?;
    if to.exists() {
        std::fs::remove_file(to)?;
    }
    shell.run(tools.archiver(shell).arg("crsD").arg(to).arg(&object))?;
    Ok(std::fs::remove_file(object)?)
}

/// The symbols that others see: of a library, or of an archive.
pub fn exported(shell: &Shell, library: &Path) -> Result<Vec<String>> {
    let mut names = shell.command("nm");
    let dynamic = library.extension().is_some_and(|extension| extension != "a");
    names.args(if dynamic { &["--dynamic"][..] } else { &[] });
    names.args(["--defined-only", "--extern-only", "--format=posix"]).arg(library);
    let text = shell.output(&mut names)?;
    let words = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    Ok(words.filter(|words| words.len() > 2).map(|words| words[0].to_owned()).collect())
}

/// Runs a program with the folder of the shared library.
pub fn with_library<'a>(command: &'a mut Command, built: &Built) -> &'a mut Command {
    command.env("LD_LIBRARY_PATH", &built.runtime)
}
