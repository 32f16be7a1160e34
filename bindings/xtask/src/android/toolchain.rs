//! The compiler and the linker for Android: those of the NDK, or zig and the linker of the Rust toolchain.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::abi::{Abi, LIBRARY, MIN_SDK};
use super::{stubs, unwind};
use crate::dist;
use crate::shell::{Result, Shell};
use crate::zig::Zig;

/// The variable with the folder of the NDK.
const NDK: &str = "ANDROID_NDK_HOME";

/// The page size of newer devices.
const PAGE_SIZE: &str = "max-page-size=16384";

/// Flags for the C and the assembly of ring, which include no header of a C library.
const RING: [&str; 8] = [
    "-ffreestanding",
    "-nostdlibinc",
    "-DRING_CORE_NOSTDLIBINC=1",
    "-fPIC",
    "-O3",
    "-g0",
    "-ffunction-sections",
    "-fdata-sections",
];

pub enum Toolchain {
    /// The folder of the NDK's programs.
    Ndk(PathBuf),
    Own {
        zig: Zig,
        linker: PathBuf,
    },
}

impl Toolchain {
    /// The NDK if `ANDROID_NDK_HOME` names one, and otherwise zig, which is installed.
    pub fn find(shell: &Shell) -> Result<Self> {
        match std::env::var_os(NDK).filter(|folder| !folder.is_empty()) {
            Some(folder) => Ok(Self::Ndk(ndk_programs(Path::new(&folder))?)),
            None => Ok(Self::Own { zig: Zig::install(shell)?, linker: dist::rust_tool(shell, "rust-lld")? }),
        }
    }

    /// The name of the toolchain, for people.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ndk(_) => "NDK",
            Self::Own { .. } => "zig and rust-lld",
        }
    }

    /// Makes cargo compile and link for an ABI.
    pub fn configure(&self, shell: &Shell, abi: &Abi, build: &mut Command) -> Result {
        let mut flags = match self {
            Self::Ndk(programs) => with_ndk(programs, abi, build),
            Self::Own { zig, linker } => with_zig(shell, zig, linker, abi, build)?,
        };
        flags.extend(link_arguments(matches!(self, Self::Ndk(_)), abi.is_64_bit));
        dist::make_reproducible_with(shell, build, flags)?;
        Ok(())
    }
}

/// The folder of the NDK's programs, which is named after the system that they run on.
fn ndk_programs(ndk: &Path) -> Result<PathBuf> {
    let hosts = ndk.join("toolchains/llvm/prebuilt");
    let host = std::fs::read_dir(&hosts).ok().and_then(|mut folders| folders.next()).transpose()?;
    match host {
        Some(host) => Ok(host.path().join("bin")),
        None => Err(format!("{NDK} is not the folder of an NDK: {} does not exist", hosts.display()).into()),
    }
}

fn with_ndk(programs: &Path, abi: &Abi, build: &mut Command) -> Vec<String> {
    let compiler = programs.join(format!("{}{MIN_SDK}-clang", abi.ndk_target));
    build.env(for_target("CC", abi), &compiler).env(for_target("AR", abi), programs.join("llvm-ar"));
    vec![format!("-Clinker={}", compiler.display())]
}

fn with_zig(shell: &Shell, zig: &Zig, linker: &Path, abi: &Abi, build: &mut Command) -> Result<Vec<String>> {
    let mut compile = vec!["-target".to_owned(), format!("{}-linux-android{}", abi.zig_arch, abi.zig_eabi)];
    compile.extend(RING.map(str::to_owned));
    build.env(for_target("CC", abi), zig.program(shell, "cc")?);
    build.env(for_target("AR", abi), zig.program(shell, "ar")?);
    build.env(for_target("CFLAGS", abi), compile.join(" "));
    // Its own flags have Rust's name of the target, which zig does not know.
    build.env("CRATE_CC_NO_DEFAULTS", "1");
    let stubs = stubs::build(shell, zig, linker, abi)?;
    let unwind = unwind::build(shell, zig, abi)?;
    let mut flags = vec![format!("-Clinker={}", linker.display()), "-Clinker-flavor=ld.lld".to_owned()];
    flags.extend([stubs, unwind].map(|folder| format!("-Lnative={}", folder.display())));
    Ok(flags)
}

/// The name of a variable for one target of the crate `cc`.
fn for_target(name: &str, abi: &Abi) -> String {
    format!("{name}_{}", abi.rust_target.replace('-', "_"))
}

/// Arguments of the linker, which a compiler passes on if it is what links.
fn link_arguments(through_compiler: bool, is_64_bit: bool) -> Vec<String> {
    let mut arguments = vec![vec!["-soname", LIBRARY], vec!["--no-undefined"]];
    if is_64_bit {
        arguments.push(vec!["-z", PAGE_SIZE]);
    }
    let flags = arguments.into_iter().flat_map(|words| match through_compiler {
        true => vec![format!("-Clink-arg=-Wl,{}", words.join(","))],
        false => words.into_iter().map(|word| format!("-Clink-arg={word}")).collect(),
    });
    flags.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_of_the_linker_are_passed_through_a_compiler() {
        assert_eq!(
            link_arguments(true, true),
            [
                "-Clink-arg=-Wl,-soname,libscalekit_ffi.so",
                "-Clink-arg=-Wl,--no-undefined",
                "-Clink-arg=-Wl,-z,max-page-size=16384",
            ]
        );
        assert_eq!(
            link_arguments(false, false),
            ["-Clink-arg=-soname", "-Clink-arg=libscalekit_ffi.so", "-Clink-arg=--no-undefined"]
        );
    }

    #[test]
    fn a_folder_that_is_no_ndk_is_named() {
        let error = ndk_programs(Path::new("/no/ndk")).unwrap_err().to_string();
        assert!(error.contains("ANDROID_NDK_HOME") && error.contains("/no/ndk/toolchains"), "{error}");
    }
}
