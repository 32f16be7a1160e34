//! The JDKs of this machine.

use std::path::{Path, PathBuf};

use crate::shell::{Result, Shell};

/// The folders that have a folder for each JDK. `~` is the home folder.
const FOLDERS: [&str; 4] =
    ["/usr/lib/jvm", "/opt", "~/.sdkman/candidates/java", "/Library/Java/JavaVirtualMachines"];

/// The first version that warns about native code unless it is allowed.
pub const RESTRICTED: u32 = 24;

/// The first version with the foreign-function API.
pub const FOREIGN: u32 = 22;

/// The option that allows native code.
pub const ENABLE: &str = "--enable-native-access=ALL-UNNAMED";

/// A JDK or JRE.
#[derive(Debug, Clone, PartialEq)]
pub struct Jdk {
    /// The feature version, such as 21.
    pub version: u32,
    /// The program.
    pub java: PathBuf,
}

impl Jdk {
    /// The path of another program of the JDK, such as `javac`.
    pub fn tool(&self, name: &str) -> PathBuf {
        self.java.with_file_name(name)
    }
}

/// Returns the JDKs in the usual folders, by the version in their `release` files.
pub fn installed() -> Vec<Jdk> {
    let home = std::env::var("HOME").unwrap_or_default();
    let folders = FOLDERS.iter().filter_map(|folder| std::fs::read_dir(folder.replace('~', &home)).ok());
    folders.flatten().flatten().filter_map(|entry| jdk(&entry.path())).collect()
}

fn jdk(folder: &Path) -> Option<Jdk> {
    let homes = [folder.to_owned(), folder.join("Contents/Home")];
    let home = homes.into_iter().find(|home| home.join("bin/java").exists())?;
    let version = version(&std::fs::read_to_string(home.join("release")).ok()?)?;
    Some(Jdk { version, java: home.join("bin/java") })
}

/// The feature version of the JDK that Maven and the other programs use.
pub fn running(shell: &Shell) -> Result<u32> {
    let text = shell.output(shell.command("java").args(["--version"]))?;
    let words = text.split_whitespace().find_map(feature);
    words.ok_or_else(|| format!("the version of Java is unknown: {text}").into())
}

/// Returns the newest JDK, if it is newer than `than`.
pub fn newest(installed: &[Jdk], than: u32) -> Option<Jdk> {
    installed.iter().filter(|jdk| jdk.version > than).max_by_key(|jdk| jdk.version).cloned()
}

/// Reads the version in a `release` file: `JAVA_VERSION="21.0.2"`.
fn version(release: &str) -> Option<u32> {
    let quoted = release.lines().find_map(|line| line.strip_prefix("JAVA_VERSION="))?;
    feature(quoted.trim_matches('"'))
}

fn feature(version: &str) -> Option<u32> {
    version.split(['.', '-', '+']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_of_a_release_file_is_read() {
        let release = "IMPLEMENTOR=\"A\"\nJAVA_VERSION=\"25.0.3\"\nJAVA_VERSION_DATE=\"2026\"\n";
        assert_eq!(version(release), Some(25));
        assert_eq!(version("JAVA_VERSION=\"26-ea\"\n"), Some(26));
        assert_eq!(version("OTHER=1\n"), None);
    }

    #[test]
    fn only_a_newer_jdk_repeats_the_tests() {
        let jdk = |version| Jdk { version, java: PathBuf::from(version.to_string()) };
        let installed = [jdk(17), jdk(25), jdk(21)];
        assert_eq!(newest(&installed, 17), Some(jdk(25)));
        assert_eq!(newest(&installed, 25), None);
    }
}
