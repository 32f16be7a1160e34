//! Builds the wheel of this machine.

use std::path::{Path, PathBuf};

use super::venv::Venv;
use crate::shell::{Result, Shell};
use crate::{build, dist, files, sbom};

/// The Python package.
pub const FOLDER: &str = "bindings/python";

/// The program that shows that an installed package works.
pub const QUICKSTART: &str = "examples/python/quickstart.py";

/// The files that a published wheel has beside its metadata.
const REQUIRED: [&str; 2] = ["licenses/LICENSE", "sboms/scalekit_ffi.cdx.json"];

/// Builds the wheel of this profile, and installs it in place of any other build.
pub fn install(shell: &Shell, venv: &Venv) -> Result {
    venv.install_wheel(shell, &build(shell, venv)?)
}

/// Builds the wheel of this profile, and returns its path.
pub fn build(shell: &Shell, venv: &Venv) -> Result<PathBuf> {
    run_maturin(shell, venv, &shell.root.join("target/wheels").join(build::profile_name(shell)))
}

/// Builds the wheel to package: the library without its symbols, and the SBOM. `release` must build for release.
///
/// maturin must not strip the library, because its symbols contain what the generator reads: it is stripped afterwards,
/// in the wheel.
pub fn wheel(release: &Shell) -> Result<PathBuf> {
    let venv = Venv::with_tools(release)?;
    let (unstripped, out) = (release.root.join("target/wheels/whole"), release.root.join("target/package"));
    let built = run_maturin(release, &venv, &unstripped)?;
    let unpacked = release.root.join("target/wheels/open");
    files::recreate(&unpacked)?;
    release.run(venv.module(release, "wheel").arg("unpack").arg(built).arg("--dest").arg(&unpacked))?;
    let folder = files::single(&unpacked, "")?;
    let library = folder.join("scalekit_rs/_native").join(build::library_name());
    let stripped = unpacked.join(build::library_name());
    build::copy_stripped(release, &library, &stripped)?;
    std::fs::rename(stripped, library)?;
    add_sbom(&folder, &sbom::write(release, &dist::host(release)?)?)?;
    check_contents(&folder)?;
    for old in files::ending_in(&out, ".whl")? {
        std::fs::remove_file(old)?;
    }
    pack(release, &venv, &folder, &out)
}

/// Packs an unpacked wheel, and returns its path. `out` must contain no other wheel.
pub fn pack(shell: &Shell, venv: &Venv, folder: &Path, out: &Path) -> Result<PathBuf> {
    let mut pack = venv.module(shell, "wheel");
    pack.arg("pack").arg(folder).arg("--dest-dir").arg(out);
    shell.run(pack.env("SOURCE_DATE_EPOCH", dist::timestamp(shell)?))?;
    let wheel = files::single(out, ".whl")?;
    shell.run(venv.python(shell).arg(format!("{FOLDER}/recompress.py")).arg(&wheel))?;
    Ok(wheel)
}

/// Adds the SBOM to an unpacked wheel, in the folder that PEP 770 defines.
pub fn add_sbom(wheel: &Path, sbom: &Path) -> Result {
    let metadata = files::ending_in(wheel, ".dist-info")?;
    let folder = metadata.first().ok_or("the wheel has no .dist-info")?.join("sboms");
    std::fs::create_dir_all(&folder)?;
    std::fs::copy(sbom, folder.join("scalekit_ffi.cdx.json"))?;
    Ok(())
}

/// Fails unless an unpacked wheel contains the license and the SBOM.
pub fn check_contents(wheel: &Path) -> Result {
    let metadata = files::single(wheel, ".dist-info")?;
    let missing: Vec<_> = REQUIRED.into_iter().filter(|name| !metadata.join(name).is_file()).collect();
    let text = std::fs::read_to_string(metadata.join("METADATA"))?;
    if !text.lines().any(|line| line == "License-File: LICENSE") {
        return Err("the metadata of the wheel does not name its license".into());
    }
    match missing.as_slice() {
        [] => Ok(()),
        missing => Err(format!("the wheel lacks {}", missing.join(", ")).into()),
    }
}

fn run_maturin(shell: &Shell, venv: &Venv, out: &Path) -> Result<PathBuf> {
    files::recreate(out)?;
    let mut build = venv.module(shell, "maturin");
    build.args(["build", "--profile", build::profile_name(shell), "--out"]).arg(out);
    // maturin only asks the interpreter for its version: the library does not depend on Python.
    shell.run(build.arg("--interpreter").arg(venv.path()).current_dir(shell.root.join(FOLDER)))?;
    files::single(out, ".whl")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// maturin packs only files below the folder of the package.
    #[test]
    fn packages_have_the_license_of_the_repository() {
        let root = Shell::new().unwrap().root;
        let license = std::fs::read_to_string(root.join("LICENSE")).unwrap();
        for package in [FOLDER, "bindings/emulator/python"] {
            let folder = root.join(package);
            assert_eq!(std::fs::read_to_string(folder.join("LICENSE")).unwrap(), license, "{package}");
            let project = std::fs::read_to_string(folder.join("pyproject.toml")).unwrap();
            assert!(project.contains("\nlicense-files = [\"LICENSE\"]\n"), "{package}");
        }
    }

    #[test]
    fn wheels_without_license_or_sbom_are_incomplete() {
        let wheel = std::env::temp_dir().join(format!("contents-{}", std::process::id()));
        let metadata = wheel.join("scalekit_rs-0.1.0.dist-info");
        let error = || check_contents(&wheel).unwrap_err().to_string();
        std::fs::create_dir_all(metadata.join("licenses")).unwrap();
        std::fs::write(metadata.join("METADATA"), "Name: scalekit-rs\nLicense-File: LICENSE\n").unwrap();
        assert_eq!(error(), "the wheel lacks licenses/LICENSE, sboms/scalekit_ffi.cdx.json");
        std::fs::write(metadata.join("licenses/LICENSE"), "MIT").unwrap();
        let sbom = wheel.join("any.cdx.json");
        std::fs::write(&sbom, "{}").unwrap();
        add_sbom(&wheel, &sbom).unwrap();
        check_contents(&wheel).unwrap();
        std::fs::write(metadata.join("METADATA"), "Name: scalekit-rs\n").unwrap();
        assert!(error().contains("does not name its license"));
        std::fs::remove_dir_all(wheel).unwrap();
    }
}
