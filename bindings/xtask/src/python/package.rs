//! Builds the wheel of this machine.

use std::path::{Path, PathBuf};

use super::venv::Venv;
use crate::shell::{Result, Shell};
use crate::{build, dist, files, sbom};

/// The Python package.
pub const FOLDER: &str = "bindings/python";

/// The program that shows that an installed package works.
pub const QUICKSTART: &str = "examples/python/quickstart.py";

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

fn run_maturin(shell: &Shell, venv: &Venv, out: &Path) -> Result<PathBuf> {
    files::recreate(out)?;
    let mut build = venv.module(shell, "maturin");
    build.args(["build", "--profile", build::profile_name(shell), "--out"]).arg(out);
    // maturin only asks the interpreter for its version: the library does not depend on Python.
    shell.run(build.arg("--interpreter").arg(venv.path()).current_dir(shell.root.join(FOLDER)))?;
    files::single(out, ".whl")
}
