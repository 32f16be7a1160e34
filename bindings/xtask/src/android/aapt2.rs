//! Finds aapt2, the compiler and linker of Android's resources.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files;
use crate::shell::{Missing, Result, Shell};

/// The folder into which Debian's package is unpacked.
const FOLDER: &str = "target/tools/aapt2";

pub struct Aapt2 {
    program: PathBuf,
    /// The folders of its libraries, if they are not installed.
    libraries: Option<OsString>,
}

impl Aapt2 {
    /// Finds the installed one, that of Android's SDK, or Debian's, which is unpacked but not installed.
    pub fn find(shell: &Shell) -> Result<Self> {
        if shell.succeeds(&["aapt2", "version"]) {
            return Ok(Self { program: "aapt2".into(), libraries: None });
        }
        if let Some(program) = of_sdk()? {
            return Ok(Self { program, libraries: None });
        }
        if !shell.succeeds(&["apt-get", "--version"]) {
            return Err(Missing(
                "aapt2 is not installed (Android's SDK has it, and Debian's package aapt)".into(),
            )
            .into());
        }
        let folder = shell.root.join(FOLDER);
        // The folder gets this name after it is complete.
        if !folder.exists() {
            unpack(shell, &folder)?;
        }
        Self::unpacked(&folder)
    }

    pub fn command(&self, shell: &Shell) -> Command {
        let mut command = shell.command(&self.program);
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }

    /// Debian's, in a folder with its libraries.
    fn unpacked(folder: &Path) -> Result<Self> {
        let all = files::all(folder)?;
        let program = all.iter().find(|path| path.ends_with("build-tools/debian/aapt2"));
        let program = folder.join(program.ok_or("Debian's package aapt does not contain aapt2")?);
        let libraries = all.iter().filter(|path| path.contains(".so"));
        let mut folders: Vec<_> =
            libraries.filter_map(|path| folder.join(path).parent().map(Path::to_owned)).collect();
        folders.dedup();
        Ok(Self { program, libraries: Some(std::env::join_paths(folders)?) })
    }
}

/// The newest one of Android's SDK, if that is installed.
fn of_sdk() -> Result<Option<PathBuf>> {
    let Some(sdk) = std::env::var_os("ANDROID_HOME").map(PathBuf::from) else { return Ok(None) };
    let tools = sdk.join("build-tools");
    if !tools.is_dir() {
        return Ok(None);
    }
    let name = format!("aapt2{}", std::env::consts::EXE_SUFFIX);
    let mut versions = files::ending_in(&tools, "")?.into_iter().map(|version| version.join(&name));
    Ok(versions.rfind(|program| program.exists()))
}

/// Downloads Debian's package, with the libraries that are not installed, and unpacks them.
fn unpack(shell: &Shell, folder: &Path) -> Result {
    // Without package lists, apt knows no package.
    if !shell.succeeds(&["apt-cache", "show", "aapt"]) {
        shell.run(shell.command("apt-get").arg("update"))?;
    }
    let (archives, unfinished) = (folder.with_extension("archives"), folder.with_extension("unfinished"));
    files::recreate(&archives.join("partial"))?;
    files::recreate(&unfinished)?;
    let mut download = shell.command("apt-get");
    // Nothing is installed, so that no lock is needed, and any user may do this.
    download.args([
        "-o",
        "Debug::NoLocking=1",
        "-o",
        &format!("Dir::Cache::archives={}", archives.display()),
    ]);
    download.args([
        "install",
        "--download-only",
        "--reinstall",
        "--no-install-recommends",
        "-y",
        "-qq",
        "aapt",
    ]);
    shell.run(&mut download)?;
    for archive in files::ending_in(&archives, ".deb")? {
        shell.run(shell.command("dpkg-deb").arg("--extract").arg(archive).arg(&unfinished))?;
    }
    files::remove(&archives)?;
    Ok(std::fs::rename(&unfinished, folder)?)
}
