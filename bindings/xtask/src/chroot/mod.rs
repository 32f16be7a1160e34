//! Debian in a chroot, for toolchains that this machine does not have.

pub mod foreign;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::consent;
use crate::files;
use crate::shell::{Missing, Result, Shell};

/// The script that enters the chroot, in a mount namespace.
const ENTER: &str = "bindings/xtask/src/chroot/enter.sh";

/// Where debootstrap leaves the packages that it has downloaded.
const ARCHIVES: &str = "var/cache/apt/archives";

/// A Debian release with some packages.
pub struct Contents<'a> {
    /// What needs it, for messages: `Swift 6`.
    pub purpose: &'a str,
    pub release: &'a str,
    /// Separated by commas.
    pub packages: &'a str,
    /// The size of the download and of the chroot, for the user who has to accept it.
    pub size: &'a str,
}

pub struct Chroot(PathBuf);

impl Chroot {
    /// The chroot in a folder, built if it does not exist. Fails with `Missing` unless this is Debian, and the user root.
    pub fn open(shell: &Shell, root: &Path, contents: &Contents<'_>) -> Result<Self> {
        if output_of(Command::new("id").arg("-u")) != "0" || !is_installed("apt-get") {
            let what = format!(
                "{} is not installed (as root on Debian, it is installed into a chroot)",
                contents.purpose
            );
            return Err(Missing(what).into());
        }
        // Containers often forbid what the chroot needs.
        if !shell.succeeds(&["unshare", "--mount", "--propagation", "private", "true"]) {
            let why = "this system does not allow `unshare --mount` for a chroot";
            return Err(Missing(format!("{} is not installed, and {why}", contents.purpose)).into());
        }
        // The folder gets this name after it is complete.
        if !root.join("usr/bin").is_dir() {
            build(shell, root, contents)?;
        }
        Ok(Self(root.to_owned()))
    }

    /// The chroot in a folder that another program has filled.
    pub fn at(root: &Path) -> Self {
        Self(root.to_owned())
    }

    /// A program of the chroot, at the root of the repository.
    pub fn command(&self, shell: &Shell, program: impl AsRef<OsStr>) -> Command {
        let mut command = shell.command("unshare");
        command.args(["--mount", "--propagation", "private", "sh", "-eu", ENTER]);
        command.arg(&self.0).arg(&shell.root).arg(program);
        command
    }

    /// Makes names and certificates resolve as they do outside, for programs that use the network.
    pub fn share_network(&self) -> Result {
        for path in ["etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"] {
            let (from, to) = (Path::new("/").join(path), self.0.join(path));
            if from.exists() {
                std::fs::create_dir_all(to.parent().ok_or("a file has a folder")?)?;
                std::fs::copy(from, to)?;
            }
        }
        Ok(())
    }
}

/// Builds the chroot under a temporary name, so that an incomplete one is never used.
fn build(shell: &Shell, root: &Path, contents: &Contents<'_>) -> Result {
    let unfinished = root.with_extension("unfinished");
    debootstrap(shell, root, &unfinished, contents, &[])?;
    files::remove(&unfinished.join(ARCHIVES))?;
    Ok(std::fs::rename(&unfinished, root)?)
}

/// Runs debootstrap with an empty folder for what `root` will contain, after the user has accepted the download.
fn debootstrap(
    shell: &Shell,
    root: &Path,
    unfinished: &Path,
    contents: &Contents<'_>,
    options: &[&str],
) -> Result {
    consent::ask(
        shell,
        &format!("{}, into a chroot in {}", contents.purpose, root.display()),
        contents.size,
    )?;
    if !is_installed("debootstrap") {
        shell.run(shell.command("apt-get").arg("update"))?;
        let words = ["install", "-y", "--no-install-recommends", "debootstrap"];
        shell.run(shell.command("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    let mirror = mirror(shell, contents)?;
    files::recreate(unfinished)?;
    let mut debootstrap = shell.command("debootstrap");
    debootstrap
        .arg("--variant=minbase")
        .arg(format!("--include={}", contents.packages))
        .args(options)
        .arg(contents.release);
    shell.run(debootstrap.arg(unfinished).arg(mirror))
}

/// The package mirror that apt is configured with. apt reports it only after it has read the package lists.
fn mirror(shell: &Shell, contents: &Contents<'_>) -> Result<String> {
    let debian_sites =
        || output_of(Command::new("apt-get").args(["indextargets", "--format", "$(SITE)", "Label: Debian"]));
    let mut sites = debian_sites();
    if sites.is_empty() {
        shell.run(shell.command("apt-get").arg("update"))?;
        sites = debian_sites();
    }
    let first = sites.lines().next().map(str::to_owned);
    let missing = || format!("{} is not installed, and apt has no Debian mirror", contents.purpose);
    first.ok_or_else(|| Missing(missing()).into())
}

fn is_installed(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok()
}

/// The output of a program; empty if it fails or is not installed.
pub fn output_of(command: &mut Command) -> String {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success());
    output.map_or_else(String::new, |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
