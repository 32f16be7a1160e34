//! Links the manifest of the AAR, and the manifest and resources of the example, with aapt2, as an app's build does.

use std::path::Path;

use super::aapt2::Aapt2;
use super::{aar, app, framework};
use crate::files;
use crate::shell::{Result, Shell};

const FOLDER: &str = "target/android/resources";

/// The permission that the AAR adds to an app.
const PERMISSION: &str = "  <uses-permission android:name=\"android.permission.INTERNET\" />";

/// Fails unless all attributes and resources that they refer to exist in the oldest supported version of Android.
pub fn check(shell: &Shell) -> Result {
    let linker = Linker { shell, aapt2: Aapt2::find(shell)?, framework: framework::jar(shell)? };
    let folder = shell.root.join(FOLDER);
    files::recreate(&folder)?;
    let of_aar = linker.link(&folder.join("aar"), &aar::manifest(shell)?, None)?;
    require(
        &of_aar,
        &[&format!("sdkVersion:'{}'", aar::MIN_SDK), "uses-permission: name='android.permission.INTERNET'"],
    )?;
    let main = shell.root.join(app::EXAMPLE).join("src/main");
    let build = std::fs::read_to_string(shell.root.join(app::EXAMPLE).join("build.gradle.kts"))?;
    let manifest = merged(&std::fs::read_to_string(main.join("AndroidManifest.xml"))?, &build)?;
    let of_example = linker.link(&folder.join("example"), &manifest, Some(&main.join("res")))?;
    require(
        &of_example,
        &["launchable-activity: name='com.example.login.MainActivity'", "application-label:'"],
    )
}

struct Linker<'a> {
    shell: &'a Shell,
    aapt2: Aapt2,
    framework: std::path::PathBuf,
}

impl Linker<'_> {
    /// Links a manifest and resources, and returns what the result declares.
    fn link(&self, folder: &Path, manifest: &str, resources: Option<&Path>) -> Result<String> {
        std::fs::create_dir_all(folder)?;
        let (source, linked) = (folder.join("AndroidManifest.xml"), folder.join("linked.apk"));
        std::fs::write(&source, manifest)?;
        let mut link = self.aapt2.command(self.shell);
        link.arg("link").arg("-I").arg(&self.framework).arg("--manifest").arg(source).arg("-o").arg(&linked);
        if let Some(resources) = resources {
            let compiled = folder.join("compiled.zip");
            let mut compile = self.aapt2.command(self.shell);
            self.shell.run(compile.args(["compile", "--dir"]).arg(resources).arg("-o").arg(&compiled))?;
            link.arg(compiled);
        }
        self.shell.run(&mut link)?;
        self.shell.output(self.aapt2.command(self.shell).args(["dump", "badging"]).arg(linked))
    }
}

/// The example's manifest as Gradle merges it: with the package, the API level and the permission of the AAR.
fn merged(manifest: &str, build: &str) -> Result<String> {
    let namespace = build.split("namespace = \"").nth(1).and_then(|rest| rest.split('"').next());
    let namespace = namespace.ok_or("build.gradle.kts has no namespace")?;
    let start = manifest.find("<manifest ").ok_or("the example's manifest has no element `manifest`")?;
    let end = start + manifest[start..].find('>').ok_or("the element `manifest` does not end")?;
    let (head, rest) = manifest.split_at(end);
    let sdk = format!("  <uses-sdk android:minSdkVersion=\"{}\" />", aar::MIN_SDK);
    let rest = &rest[1..];
    Ok(format!("{head} package=\"{namespace}\">\n{sdk}\n{PERMISSION}{rest}"))
}

/// Fails unless the output of aapt2 contains each of these.
fn require(declared: &str, expected: &[&str]) -> Result {
    match expected.iter().find(|text| !declared.contains(**text)) {
        Some(missing) => Err(format!("the linked manifest lacks {missing}:\n{declared}").into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_api_level_and_permission_are_merged() {
        let manifest = "<!-- x --><manifest xmlns:android=\"a\">\n  <application />\n</manifest>";
        let expected = format!(
            "<!-- x --><manifest xmlns:android=\"a\" package=\"com.example\">\n  <uses-sdk \
             android:minSdkVersion=\"28\" />\n{PERMISSION}\n  <application />\n</manifest>"
        );
        assert_eq!(merged(manifest, "    namespace = \"com.example\"\n").unwrap(), expected);
        assert!(merged(manifest, "").is_err() && merged("", "namespace = \"a\"").is_err());
    }
}
