//! Libraries for Apple's systems, built without Apple's tools, and `cargo xtask xcframework`.

mod build;
mod check;
mod framework;
mod link;
mod newer;
mod package;
mod sdk;
mod slice;
mod universal;

use std::path::PathBuf;
use std::process::Command;

use goblin::mach::MachO;
use goblin::mach::load_command::CommandVariant;

pub use slice::SLICES;
use slice::Slice;

use crate::build as native;
use crate::files;
use crate::shell::{Result, Shell};
use crate::zig::Zig;
use crate::{checksums, dist, sbom};

/// The folder of the Swift package and its framework.
/// The name of the folder is the identity of the package for programs that depend on its path.
const PACKAGE: &str = "target/apple/scalekit-swift";

/// What of Apple's SDK the linker reads: the names of the functions that the library uses of the system.
const SDK: &str = "bindings/apple/sdk";

/// The name of the SBOM of all slices, among those of other targets.
pub const SBOM: &str = "apple";

/// The libraries that every system has.
const SYSTEM: [&str; 5] = [
    "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation",
    "/System/Library/Frameworks/Security.framework/Versions/A/Security",
    "/usr/lib/libSystem.B.dylib",
    "/usr/lib/libiconv.2.dylib",
    "/usr/lib/libobjc.A.dylib",
];

/// Builds `Scalekit.xcframework` and the Swift package around it, checks them, and packs both. Or only builds and checks
/// the archives of these slices.
pub fn xcframework(shell: &Shell, names: &[&str]) -> Result {
    if names.is_empty() {
        return whole(shell);
    }
    let zig = Zig::install(shell)?;
    for name in names {
        println!("{:>10} bytes  {name}", archive(shell, &zig, slice(name)?)?.len());
    }
    Ok(())
}

/// The slice with this name.
pub fn slice(name: &str) -> Result<&'static Slice> {
    let known = || SLICES.iter().map(|slice| slice.name).collect::<Vec<_>>().join(", ");
    let found = SLICES.iter().find(|slice| slice.name == name);
    found.ok_or_else(|| format!("unknown slice: {name}; known: {}", known()).into())
}

/// Builds and checks the archive of a slice, and returns its size in bytes.
pub fn build_slice(shell: &Shell, slice: &'static Slice) -> Result<u64> {
    Ok(archive(shell, &Zig::install(shell)?, slice)?.len() as u64)
}

fn whole(shell: &Shell) -> Result {
    let bindings = shell.root.join("target/apple/generated");
    native::bind(shell, "swift", &bindings)?;
    let zig = Zig::install(shell)?;
    let archives = SLICES.iter().map(|slice| archive(shell, &zig, slice)).collect::<Result<Vec<_>>>()?;
    let package = shell.root.join(PACKAGE);
    files::recreate(&package)?;
    package::write(shell, &bindings, &package)?;
    let framework = package.join("Scalekit.xcframework");
    framework::write(&bindings, &archives, &framework)?;
    framework::check(shell, &framework)?;
    std::fs::copy(sbom(shell)?, package.join("scalekit_ffi.cdx.json"))?;
    #[cfg(target_os = "macos")]
    package::run_program(shell, &package)?;
    for (folder, name) in
        [(&framework, "Scalekit.xcframework.zip"), (&package, "Scalekit.xcframework-package.zip")]
    {
        let packed = package::pack(shell, folder, name)?;
        let size = std::fs::metadata(&packed)?.len();
        println!("{size:>10} bytes  {}", packed.strip_prefix(&shell.root).unwrap_or(&packed).display());
    }
    // The package manager requires that of a framework which it downloads.
    checksums::write(shell, &shell.root.join(package::OUT), &[".zip"])
}

/// The files to publish.
pub fn files(shell: &Shell) -> Result<Vec<PathBuf>> {
    files::ending_in(&shell.root.join(package::OUT), ".zip")
}

/// Writes the SBOM of the framework, and returns its path.
fn sbom(shell: &Shell) -> Result<PathBuf> {
    let targets = SLICES.iter().flat_map(|slice| slice.targets);
    sbom::write_combined(shell, SBOM, targets.map(|target| target.rust))
}

/// Builds and checks the archives of a slice, and joins them.
fn archive(shell: &Shell, zig: &Zig, slice: &'static Slice) -> Result<Vec<u8>> {
    let manifest = std::fs::read_to_string(shell.root.join(package::PRIVACY))?;
    let mut archives = Vec::new();
    for target in slice.targets {
        let built = build::build(shell, zig, &slice.system, target)?;
        let path = built.with_file_name("libscalekit_ffi.unique.a");
        build::copy_without_conflicts(shell, &built, &path)?;
        let bytes = std::fs::read(&path)?;
        check::check(shell, &slice.system, target, &bytes, &manifest)?;
        link::check(shell, zig, &slice.system, target, &path)?;
        archives.push((target, bytes));
    }
    Ok(universal::join(&archives)?)
}

/// The folder that stands for Apple's SDK.
pub fn sdk(shell: &Shell) -> PathBuf {
    shell.root.join(SDK)
}

/// Makes cargo compile and link a library for macOS: with zig as C compiler, and Rust's linker, which exports only what
/// Rust does. cargo-zigbuild exports every symbol.
pub fn configure(
    shell: &Shell,
    zig: &Zig,
    rust: &str,
    build: &mut Command,
    flags: &mut Vec<String>,
) -> Result {
    let (arch, zig_arch) =
        if rust.starts_with("aarch64") { ("arm64", "aarch64") } else { ("x86_64", "x86_64") };
    let lists = shell.root.join("target/apple/sdk").join(rust);
    sdk::write(shell, zig, &format!("{arch}-macos"), &lists)?;
    let version = dist::macos_version(rust);
    build::with_zig(shell, zig, rust, &format!("{zig_arch}-macos.{version}"), build)?;
    build.env("SDKROOT", lists).env("MACOSX_DEPLOYMENT_TARGET", version);
    flags.push(format!("-Clinker={}", dist::rust_tool(shell, "rust-lld")?.display()));
    flags.push("-Clinker-flavor=ld64.lld".to_owned());
    flags.push("-Clink-arg=-dead_strip_dylibs".to_owned());
    Ok(())
}

/// The symbols that a library for macOS exports, by their names in C.
pub fn exports(library: &MachO) -> Result<Vec<String>> {
    let exports = library.exports()?.into_iter();
    Ok(exports.map(|export| export.name.strip_prefix('_').unwrap_or(&export.name).to_owned()).collect())
}

/// The reasons why a library for macOS must not ship, besides its exports.
pub fn library_problems(library: &MachO, target: &str) -> Result<Vec<String>> {
    let expected = dist::macos_version(target);
    let mut problems = newer::problems(library, expected)?;
    let name = library.name.unwrap_or_default();
    if !name.starts_with("@rpath/") {
        problems.push(format!("its install name is {name:?}, not below @rpath"));
    }
    // The first is the library itself.
    let required = library.libs.iter().filter(|required| !["self", name].contains(required));
    let unknown = required.filter(|required| !SYSTEM.contains(required));
    problems.extend(unknown.map(|required| format!("it requires {required}, which not every Mac has")));
    let oldest = minimum_version(library);
    if oldest.as_deref() != Some(expected) {
        problems.push(format!("it requires macOS {oldest:?}, not {expected}"));
    }
    let is_signed = |command: &CommandVariant| matches!(command, CommandVariant::CodeSignature(_));
    if target.starts_with("aarch64") && !library.load_commands.iter().any(|it| is_signed(&it.command)) {
        problems.push("it has no signature, without which ARM Macs do not load it".to_owned());
    }
    Ok(problems)
}

/// The oldest version of the system, as the library declares it.
pub fn minimum_version(library: &MachO) -> Option<String> {
    let version = library.load_commands.iter().find_map(|it| match it.command {
        CommandVariant::BuildVersion(command) => Some(command.minos),
        CommandVariant::VersionMinMacosx(command) => Some(command.version),
        CommandVariant::VersionMinIphoneos(command) => Some(command.version),
        _ => None,
    })?;
    Some(format!("{}.{}", version >> 16, version >> 8 & 0xff))
}
