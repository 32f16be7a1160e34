//! `make clean-deep`: removes everything that tasks have built or installed.

use std::path::{Path, PathBuf};

use crate::shell::{Result, Shell};
use crate::{build, demo, swift};

/// Folders in the repository, besides cargo's.
const FOLDERS: [&str; 11] = [
    ".venv",
    "bindings/android/tests/app/target",
    "bindings/android/tests/device/target",
    "bindings/android/tests/shrink/target",
    "bindings/kotlin/published/gradle/target",
    "bindings/kotlin/published/maven/target",
    "bindings/kotlin/target",
    "bindings/swift/.build",
    "bindings/swift/lib",
    "examples/kotlin/ktor_login/target",
    "tests/bench/kotlin/contestants/target",
];

/// Stops the programs of the demo, removes the folders, and prints the size of each.
pub fn run(shell: &Shell) -> Result {
    demo::stop(shell)?;
    let mut total = 0;
    for folder in folders(shell) {
        let bytes = size(&folder)?;
        std::fs::remove_dir_all(&folder)?;
        println!("{:>8} MB  {}", bytes / 1_000_000, folder.display());
        total += bytes;
    }
    println!("{:>8} MB  freed", total / 1_000_000);
    Ok(())
}

fn folders(shell: &Shell) -> Vec<PathBuf> {
    let mut folders: Vec<_> = FOLDERS.iter().map(|folder| shell.root.join(folder)).collect();
    folders.push(build::target(shell));
    folders.extend(swift::chroots());
    folders.retain(|folder| folder.is_dir());
    folders
}

/// The size of all files below a folder, in bytes. Links are not followed, and a file with several names counts once for
/// each.
fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let data = entry.metadata()?;
        bytes += if data.is_dir() { size(&entry.path())? } else { data.len() };
    }
    Ok(bytes)
}
