//! `cargo xtask native`: the archives of the C library, one for each platform.

pub mod build;
pub mod check;
pub mod target;

use std::path::{Path, PathBuf};

use target::Target;

use crate::c::install;
use crate::c::library::{PRIVATE_LIBRARIES, Tools};
use crate::shell::{Result, Shell};
use crate::zig::Zig;
use crate::{checksums, dist, files, sbom};

/// The folder of the archives.
pub const OUT: &str = "target/package/native";

/// Where the file for pkg-config finds the libraries, wherever the archive is unpacked.
const RELOCATABLE: &str = "${pcfiledir}/../..";

/// Builds the archives of these targets, or of that of this machine, and their checksums.
pub fn run(shell: &Shell, names: &[&str]) -> Result {
    let host = dist::host(shell)?;
    let names = if names.is_empty() { &[host.as_str()] } else { names };
    let targets = names.iter().map(|name| Target::named(name)).collect::<Result<Vec<_>>>()?;
    let zig = Zig::install(shell)?;
    for target in targets {
        let archive = build(shell, &zig, target)?;
        let size = std::fs::metadata(&archive)?.len();
        println!("{size:>10} bytes  {}", archive.strip_prefix(&shell.root).unwrap_or(&archive).display());
    }
    checksums::write(shell, &shell.root.join(OUT), &[".tar.gz"])
}

/// Builds the archive of a target, checks that it may ship, and returns its path.
pub fn build(shell: &Shell, zig: &Zig, target: &Target) -> Result<PathBuf> {
    let built = build::build(shell, zig, target)?;
    let prefix = prefix(shell, target);
    files::recreate(&prefix)?;
    let private = install_libraries(shell, zig, target, &built, &prefix)?;
    install::headers(shell, &prefix)?;
    install::pkg_config(shell, &prefix, RELOCATABLE, private)?;
    let bom = sbom::write_for(shell, &sbom::C, target.rust)?;
    install::copy(&bom, &prefix.join("share/doc/scalekit/scalekit.cdx.json"))?;
    check::check(shell, target, &prefix)?;
    pack(shell, &prefix)
}

/// The folder with the contents of an archive.
pub fn prefix(shell: &Shell, target: &Target) -> PathBuf {
    shell.root.join("target/native").join(format!(
        "libscalekit-{}-{}",
        env!("CARGO_PKG_VERSION"),
        target.rust
    ))
}

/// Installs the libraries, and returns what a program that links the archive needs besides it.
fn install_libraries(
    shell: &Shell,
    zig: &Zig,
    target: &Target,
    built: &build::Built,
    prefix: &Path,
) -> Result<&'static [&'static str]> {
    match (&built.archive, &built.import) {
        (Some(archive), _) => {
            install::libraries(shell, &Tools::Portable(zig), &built.shared, archive, prefix)?;
            install::cmake(shell, prefix)?;
            Ok(&PRIVATE_LIBRARIES)
        }
        (None, Some(import)) => {
            install::copy(&built.shared, &prefix.join("bin/scalekit.dll"))?;
            // One name for gcc and clang, and one for Microsoft's linker.
            for name in ["lib/libscalekit.dll.a", "lib/scalekit.lib"] {
                install::copy(import, &prefix.join(name))?;
            }
            Ok(&[])
        }
        (None, None) => {
            let name = "libscalekit.0.dylib";
            install::copy(&built.shared, &prefix.join("lib").join(name))?;
            crate::c::library::link(name.as_ref(), &prefix.join("lib").join(target.built_name()))?;
            Ok(&[])
        }
    }
}

/// Packs a folder into an archive that does not depend on the machine, with the folder's name.
fn pack(shell: &Shell, folder: &Path) -> Result<PathBuf> {
    let name = folder.file_name().and_then(|name| name.to_str()).ok_or("the folder has no name")?;
    let out = shell.root.join(OUT).join(format!("{name}.tar.gz"));
    std::fs::create_dir_all(shell.root.join(OUT))?;
    let mut pack = shell.command("tar");
    pack.args(["--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mode=u+rw,go=rX"]);
    pack.arg(format!("--mtime=@{}", dist::timestamp(shell)?));
    // The compressed file has neither a name nor a time.
    pack.args(["--use-compress-program", "gzip -9n", "--file"]).arg(&out);
    pack.arg("--directory").arg(folder.parent().ok_or("the folder has no parent")?).arg(name);
    shell.run(&mut pack)?;
    Ok(out)
}
