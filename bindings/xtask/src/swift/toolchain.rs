//! Finds Swift 6: an installed toolchain, or Debian's in a chroot.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::consent;
use crate::shell::{Missing, Result, Shell};

/// The Debian release that has Swift 6.
const RELEASE: &str = "trixie";

/// The script that enters the chroot, in a mount namespace.
const ENTER: &str = "bindings/xtask/src/swift/enter.sh";

pub enum Toolchain {
    Host,
    Chroot(PathBuf),
}

impl Toolchain {
    /// Finds a toolchain. As root on Debian, builds the chroot if it does not exist.
    pub fn find(shell: &Shell) -> Result<Self> {
        if major_version(&output_of(Command::new("swift").arg("--version"))) >= Some(6) {
            return Ok(Self::Host);
        }
        if output_of(Command::new("id").arg("-u")) != "0" || !is_installed("apt-get") {
            let what = "Swift 6 is not installed (as root on Debian, it is installed into a chroot)";
            return Err(Missing(what.into()).into());
        }
        // Containers often forbid what the chroot needs.
        if !shell.succeeds(&["unshare", "--mount", "--propagation", "private", "true"]) {
            let what =
                "Swift 6 is not installed, and this system does not allow `unshare --mount` for a chroot";
            return Err(Missing(what.into()).into());
        }
        let root = chroot_path()?;
        // The folder gets this name after it is complete.
        if !root.join("usr/bin").is_dir() {
            build(shell, &root)?;
        }
        Ok(Self::Chroot(root))
    }

    /// `swift`, at the root of the repository.
    pub fn command(&self, shell: &Shell) -> Command {
        match self {
            Self::Host => shell.command("swift"),
            Self::Chroot(root) => {
                let mut command = shell.command("unshare");
                command.args(["--mount", "--propagation", "private", "sh", "-eu", ENTER]);
                command.arg(root).arg(&shell.root).arg("swift");
                command
            }
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

/// Builds the chroot under a temporary name, so that an incomplete one is never used.
fn build(shell: &Shell, root: &Path) -> Result {
    consent::ask(shell, &format!("Swift 6, into a chroot in {}", root.display()), "700 MB, 2.6 GB on disk")?;
    if !is_installed("debootstrap") {
        shell.run(shell.command("apt-get").arg("update"))?;
        let words = ["install", "-y", "--no-install-recommends", "debootstrap"];
        shell.run(shell.command("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    let mirror = mirror(shell)?;
    let unfinished = root.with_extension("unfinished");
    let _ = std::fs::remove_dir_all(&unfinished);
    std::fs::create_dir_all(&unfinished)?;
    let mut debootstrap = shell.command("debootstrap");
    debootstrap.args(["--variant=minbase", "--include=swiftlang,libc6-dev", RELEASE]);
    shell.run(debootstrap.arg(&unfinished).arg(mirror))?;
    let _ = std::fs::remove_dir_all(unfinished.join("var/cache/apt/archives"));
    Ok(std::fs::rename(&unfinished, root)?)
}

/// The package mirror that apt is configured with. apt reports it only after it has read the package lists.
fn mirror(shell: &Shell) -> Result<String> {
    let debian_sites =
        || output_of(Command::new("apt-get").args(["indextargets", "--format", "$(SITE)", "Label: Debian"]));
    let mut sites = debian_sites();
    if sites.is_empty() {
        shell.run(shell.command("apt-get").arg("update"))?;
        sites = debian_sites();
    }
    let first = sites.lines().next().map(str::to_owned);
    first.ok_or_else(|| Missing("Swift 6 is not installed, and apt has no Debian mirror".into()).into())
}

fn is_installed(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok()
}

/// The output of a program; empty if it fails or is not installed.
fn output_of(command: &mut Command) -> String {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success());
    output.map_or_else(String::new, |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
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
