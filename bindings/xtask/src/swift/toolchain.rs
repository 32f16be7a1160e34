//! Finds Swift 6: an installed toolchain, or Debian's in a chroot.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chroot::{Chroot, Contents, output_of};
use crate::shell::{Result, Shell};

const fn debian(purpose: &'static str, release: &'static str) -> Contents<'static> {
    Contents { purpose, release, packages: "swiftlang,libc6-dev", size: "700 MB, 2.6 GB on disk" }
}

/// The Debian release that has Swift 6.
const OLDEST: Contents<'static> = debian("Swift 6", "trixie");

/// The development branch of Debian, which has Swift 6.2.
const NEWER: Contents<'static> = debian("Swift 6.2", "sid");

pub enum Toolchain {
    Host,
    Chroot(Chroot),
}

impl Toolchain {
    /// Finds a toolchain. As root on Debian, builds the chroot if it does not exist.
    pub fn find(shell: &Shell) -> Result<Self> {
        if installed() >= Some((6, 0)) {
            return Ok(Self::Host);
        }
        Chroot::open(shell, &chroot_path()?, &OLDEST).map(Self::Chroot)
    }

    /// The same for Swift 6.2.
    pub fn find_newer(shell: &Shell) -> Result<Self> {
        if installed() >= Some((6, 2)) {
            return Ok(Self::Host);
        }
        Chroot::open(shell, &newer_chroot_path()?, &NEWER).map(Self::Chroot)
    }

    /// `swift`, at the root of the repository.
    pub fn command(&self, shell: &Shell) -> Command {
        match self {
            Self::Host => shell.command("swift"),
            Self::Chroot(chroot) => chroot.command(shell, "swift"),
        }
    }
}

pub fn chroot_path() -> Result<PathBuf> {
    if let Some(root) = std::env::var_os("SCALEKIT_SWIFT_ROOT") {
        return Ok(root.into());
    }
    let home = std::env::var_os("HOME").ok_or("neither HOME nor SCALEKIT_SWIFT_ROOT is set")?;
    Ok(Path::new(&home).join(".cache/scalekit-rs/trixie-swift"))
}

/// The folder of the chroot with Swift 6.2, beside the other one.
pub fn newer_chroot_path() -> Result<PathBuf> {
    Ok(chroot_path()?.with_file_name("sid-swift"))
}

/// The version of Swift that is installed.
fn installed() -> Option<(u32, u32)> {
    version(&output_of(Command::new("swift").arg("--version")))
}

/// The major and the minor version.
fn version(text: &str) -> Option<(u32, u32)> {
    let (_, rest) = text.split_once("Swift version ")?;
    let mut numbers = rest.split(['.', ' ', '-']).map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next().flatten().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn version_is_parsed() {
        assert_eq!(version("Swift version 6.0.3 (swift-6.0.3-RELEASE)\nTarget: x"), Some((6, 0)));
        assert_eq!(version("swift-driver version: 1.90 Apple Swift version 5.10 (swiftlang)"), Some((5, 10)));
        assert_eq!(version("Swift version 6-dev (LLVM)"), Some((6, 0)));
        assert_eq!(version(""), None);
    }
}
