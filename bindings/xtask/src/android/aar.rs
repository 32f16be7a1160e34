//! Assembles the AAR, `rs.scalekit:scalekit-android`, with its POM.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::abi::{ABIS, LIBRARY};
use super::{library, pom};
use crate::files;
use crate::kotlin;
use crate::sbom;
use crate::shell::{Result, Shell};

/// The oldest version of Android on which the classes run, as its API level: Android 9, the first with
/// `Reference.reachabilityFence`.
pub const MIN_SDK: u32 = 28;

/// The folder of the AAR.
pub const OUT: &str = "target/package/android";

/// The sources of the package.
const SOURCES: &str = "bindings/android/package";

/// The rules for R8, which the jar contains as well.
const RULES: &str = "bindings/kotlin/src/main/resources/META-INF/proguard/scalekit.pro";

/// The crates of the libraries, beside the license.
pub const SBOM: &str = "scalekit_ffi.cdx.json";

/// The name of the SBOM of all libraries, among those of other targets.
pub const COMBINED: &str = "android";

/// The time of each entry, so that two builds are identical: that of the jar.
const TIME: &str = "2025-01-01T00:00:00Z";

/// Assembles the AAR of the libraries that are built, and returns its path.
pub fn build(shell: &Shell) -> Result<PathBuf> {
    // The sources are the same with any library.
    let jar = kotlin::jar(&Shell { root: shell.root.clone(), ci: false })?;
    let folder = shell.root.join("target/android/aar");
    files::recreate(&folder)?;
    for abi in &ABIS {
        let to = folder.join("jni").join(abi.name);
        std::fs::create_dir_all(&to)?;
        let from = library::path(shell, abi);
        std::fs::copy(&from, to.join(LIBRARY)).map_err(|e| format!("{}: {e}", from.display()))?;
    }
    classes(shell, &jar, &folder.join("classes.jar"))?;
    std::fs::write(folder.join("AndroidManifest.xml"), manifest(shell)?)?;
    std::fs::copy(shell.root.join(RULES), folder.join("proguard.txt"))?;
    std::fs::copy(shell.root.join("LICENSE"), folder.join("LICENSE"))?;
    std::fs::copy(sbom(shell)?, folder.join(SBOM))?;
    // There are no resources. The file must exist.
    std::fs::write(folder.join("R.txt"), "")?;
    let out = shell.root.join(OUT).join(file_name("aar"));
    archive(shell, &folder, &out)?;
    write_pom(shell)?;
    Ok(out)
}

/// The manifest, with the oldest supported version of Android.
pub fn manifest(shell: &Shell) -> Result<String> {
    let template = std::fs::read_to_string(shell.root.join(SOURCES).join("AndroidManifest.xml"))?;
    Ok(template.replace("@MIN_SDK@", &MIN_SDK.to_string()))
}

/// Writes the SBOM of the libraries, and returns its path.
fn sbom(shell: &Shell) -> Result<PathBuf> {
    sbom::write_combined(shell, COMBINED, ABIS.iter().map(|abi| abi.rust_target))
}

/// The name of a file to publish.
pub fn file_name(ending: &str) -> String {
    format!("scalekit-android-{}.{ending}", env!("CARGO_PKG_VERSION"))
}

fn write_pom(shell: &Shell) -> Result {
    let jar = std::fs::read_to_string(shell.root.join(kotlin::project::PROJECT).join("pom.xml"))?;
    let template = std::fs::read_to_string(shell.root.join(SOURCES).join("pom.xml"))?;
    let pom = pom::write(&template, &pom::dependencies(&jar)?);
    Ok(std::fs::write(shell.root.join(OUT).join(file_name("pom")), pom)?)
}

/// Packs the classes of the jar that Android uses.
pub fn classes(shell: &Shell, jar: &Path, out: &Path) -> Result {
    let all = shell.root.join("target/android/jar");
    unpack(shell, jar, &all)?;
    for path in files::all(&all)? {
        if !is_for_android(&path) {
            std::fs::remove_file(all.join(path))?;
        }
    }
    archive(shell, &all, out)
}

/// Whether an entry of the jar belongs into the AAR: classes and what Kotlin knows about them. Not the libraries for
/// desktops, classes for newer versions of Java, and the declaration of the module.
fn is_for_android(path: &str) -> bool {
    path.starts_with("rs/") || path.ends_with(".kotlin_module")
}

/// Packs the files of a folder in the order of their names.
fn archive(shell: &Shell, folder: &Path, out: &Path) -> Result {
    // Too many for a command line.
    let names = folder.with_extension("list");
    let quoted: Vec<_> = files::all(folder)?.into_iter().map(|name| format!("\"{name}\"")).collect();
    std::fs::write(&names, quoted.join("\n"))?;
    let mut pack = jar_tool(shell);
    pack.args(["--create", "--no-manifest", "--date", TIME, "--file"]).arg(out);
    shell.run(pack.arg(format!("@{}", names.display())).current_dir(folder))
}

/// Unpacks an archive into an empty folder.
pub fn unpack(shell: &Shell, archive: &Path, to: &Path) -> Result {
    files::recreate(to)?;
    shell.run(jar_tool(shell).arg("--extract").arg("--file").arg(archive).current_dir(to))
}

fn jar_tool(shell: &Shell) -> Command {
    shell.command("jar")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_classes_of_every_platform_are_for_android() {
        for (path, expected) in [
            ("rs/scalekit/ScalekitClient.class", true),
            ("META-INF/scalekit.kotlin_module", true),
            ("META-INF/versions/9/module-info.class", false),
            ("META-INF/versions/22/rs/scalekit/Native.class", false),
            ("META-INF/proguard/scalekit.pro", false),
            ("linux-x86-64/libscalekit_ffi.so", false),
        ] {
            assert_eq!(is_for_android(path), expected, "{path}");
        }
    }
}
