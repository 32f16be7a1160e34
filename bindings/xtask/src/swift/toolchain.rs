//! Swift 6: the machine's own, or Debian's in a chroot.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::shell::{Done, Missing, Shell};

/// The Debian release that has Swift 6.
const RELEASE: &str = "trixie";

/// Enters the chroot, in a namespace of mounts.
const ENTER: &str = "bindings/xtask/src/swift/enter.sh";

pub enum Toolchain {
    Host,
    Chroot(PathBuf),
}

impl Toolchain {
    /// Finds one; as root on Debian it builds the chroot, once.
    pub fn find(shell: &Shell) -> Result<Self, Box<dyn Error>> {
        if major(&said(Command::new("swift").arg("--version"))) >= Some(6) {
            return Ok(Self::Host);
        }
        if said(Command::new("id").arg("-u")) != "0" || !has("apt-get") || !has("unshare") {
            let what =
                "Swift 6 is not installed (on Debian it is put into a chroot, but only root can do that)";
            return Err(Missing(what.into()).into());
        }
        let root = place()?;
        // It only bears this name when it is complete.
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

fn place() -> Result<PathBuf, Box<dyn Error>> {
    if let Some(root) = std::env::var_os("SCALEKIT_SWIFT_ROOT") {
        return Ok(root.into());
    }
    let home = std::env::var_os("HOME").ok_or("HOME is not set, and SCALEKIT_SWIFT_ROOT neither")?;
    Ok(Path::new(&home).join(".cache/scalekit-rs/trixie-swift"))
}

/// Builds under another name, so that a chroot which broke off is never taken for one.
fn build(shell: &Shell, root: &Path) -> Done {
    eprintln!("building a chroot with Swift, once: {} (about 2.5 GB)", root.display());
    if !has("debootstrap") {
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

/// The mirror that this machine is set up with; it is only known after the lists were read.
fn mirror(shell: &Shell) -> Result<String, Box<dyn Error>> {
    let of_debian =
        || said(Command::new("apt-get").args(["indextargets", "--format", "$(SITE)", "Label: Debian"]));
    let mut sites = of_debian();
    if sites.is_empty() {
        shell.run(shell.command("apt-get").arg("update"))?;
        sites = of_debian();
    }
    let first = sites.lines().next().map(str::to_owned);
    first.ok_or_else(|| Missing("Swift 6 is not installed, and apt knows no mirror of Debian".into()).into())
}

fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok()
}

/// What a program prints; nothing if it fails or is not there.
fn said(command: &mut Command) -> String {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success());
    output.map_or_else(String::new, |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn major(version: &str) -> Option<u32> {
    let (_, rest) = version.split_once("Swift version ")?;
    rest.split(['.', ' ', '-']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn versions() {
        assert_eq!(major("Swift version 6.0.3 (swift-6.0.3-RELEASE)\nTarget: x"), Some(6));
        assert_eq!(major("swift-driver version: 1.90 Apple Swift version 5.10 (swiftlang)"), Some(5));
        assert_eq!(major(""), None);
    }
}
