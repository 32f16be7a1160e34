//! Finds Swift 6: an installed toolchain, or Debian's in a chroot.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chroot::{Chroot, Contents, output_of};
use crate::shell::{Result, Shell};

/// The Debian release that has Swift 6.
const DEBIAN: Contents<'static> = Contents {
    purpose: "Swift 6",
    release: "trixie",
    packages: "swiftlang,libc6-dev",
    size: "700 MB, 2.6 GB on disk",
};

pub enum Toolchain {
    Host,
    Chroot(Chroot),
}

impl Toolchain {
    /// Finds a toolchain. As root on Debian, builds the chroot if it does not exist.
    pub fn find(shell: &Shell) -> Result<Self> {
        if major_version(&output_of(Command::new("swift").arg("--version"))) >= Some(6) {
            return Ok(Self::Host);
        }
        Chroot::open(shell, &chroot_path()?, &DEBIAN).map(Self::Chroot)
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

fn major_version(version: &str) -> Option<u32> {
    let (_, rest) = version.split_once("Swift version ")?;
    rest.split(['.', ' ', '-']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major_version;

    #[test]
    fn major_version_is_parsed() {
        assert_eq!(major_version("Swift version 6.0.3 (swift-6.0.3-RELEASE)\nTarget: x"), Some(6));
        assert_eq!(major_version("swift-driver version: 1.90 Apple Swift version 5.10 (swiftlang)"), Some(5));
        assert_eq!(major_version(""), None);
    }
}
