//! The classes and resources of Android, built from its published sources: `android-all`, from Maven Central.
//!
//! The SDK of Android is in no repository that the other tools come from.

use std::path::PathBuf;

use super::pom;
use crate::kotlin::maven;
use crate::shell::{Result, Shell};
use crate::{consent, files};

const ARTIFACT: &str = "android-all";

/// The project that compiles and tests the sources of the example, and names the version.
pub const PROJECT: &str = "bindings/android/tests/app";

/// The folder of the jar.
const FOLDER: &str = "target/android/framework";

/// Returns the jar, downloaded if missing. Its version is that of the project that compiles the example.
pub fn jar(shell: &Shell) -> Result<PathBuf> {
    let folder = shell.root.join(FOLDER);
    let pom = std::fs::read_to_string(shell.root.join(PROJECT).join("pom.xml"))?;
    let all = pom::dependencies(&pom)?;
    let found = all.iter().find(|dependency| dependency.artifact == ARTIFACT);
    let found = found.ok_or_else(|| format!("{PROJECT}/pom.xml does not depend on {ARTIFACT}"))?;
    let jar = folder.join(format!("{ARTIFACT}-{}.jar", found.version));
    if !jar.exists() {
        shell.require("mvn", "Maven and a JDK, 17 or newer")?;
        consent::ask(shell, "the classes and resources of Android 9", "121 MB")?;
        files::recreate(&folder)?;
        let mut copy = maven::command(shell, PROJECT);
        copy.args(["-q", "dependency:copy", &format!("-DoutputDirectory={}", folder.display())]);
        shell.run(copy.arg(format!("-Dartifact={}:{ARTIFACT}:{}", found.group, found.version)))?;
    }
    Ok(jar)
}
