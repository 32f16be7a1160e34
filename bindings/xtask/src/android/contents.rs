//! Checks the AAR by what it contains, as an app's build unpacks it.

use std::path::Path;

use goblin::elf::Elf;

use super::abi::{ABIS, LIBRARY};
use super::{aar, checks};
use crate::files;
use crate::shell::{Result, Shell};

/// The folder into which the AAR is unpacked.
pub const OPENED: &str = "target/android/opened";

/// The folder into which its classes are unpacked.
pub const CLASSES: &str = "target/android/classes";

/// The newest class files that all supported versions of Android's build tools read: those of Java 11.
const CLASS_FILE: u16 = 55;

/// Fails unless the AAR is complete and each of its libraries may ship.
pub fn check(shell: &Shell, archive: &Path) -> Result {
    let folder = shell.root.join(OPENED);
    aar::unpack(shell, archive, &folder)?;
    let mut problems = entries(&files::all(&folder)?);
    let manifest = std::fs::read_to_string(folder.join("AndroidManifest.xml"))?;
    if !manifest.contains(&format!("android:minSdkVersion=\"{}\"", aar::MIN_SDK)) {
        problems.push("its manifest has another minSdkVersion".to_owned());
    }
    for abi in &ABIS {
        checks::check(shell, abi, &folder.join("jni").join(abi.name).join(LIBRARY))?;
    }
    let classes = shell.root.join(CLASSES);
    aar::unpack(shell, &folder.join("classes.jar"), &classes)?;
    problems.extend(class_files(&classes)?);
    if problems.is_empty() { Ok(()) } else { Err(format!("the AAR: {}", problems.join("; ")).into()) }
}

/// The problems of the names of the entries.
fn entries(found: &[String]) -> Vec<String> {
    let libraries = ABIS.iter().map(|abi| format!("jni/{}/{}", abi.name, LIBRARY));
    let fixed = ["AndroidManifest.xml", "LICENSE", "R.txt", "classes.jar", "proguard.txt", aar::SBOM];
    let expected: Vec<_> = fixed.map(str::to_owned).into_iter().chain(libraries).collect();
    let missing = expected.iter().filter(|name| !found.contains(name)).map(|name| format!("it lacks {name}"));
    let unknown =
        found.iter().filter(|name| !expected.contains(name)).map(|name| format!("it contains {name}"));
    missing.chain(unknown).collect()
}

/// The problems of the classes, in the folder into which they are unpacked.
fn class_files(folder: &Path) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let found = files::all(folder)?;
    for name in found.iter().filter(|name| name.ends_with(".class")) {
        let bytes = std::fs::read(folder.join(name))?;
        let version = bytes.get(6..8).map_or(0, |bytes| u16::from_be_bytes([bytes[0], bytes[1]]));
        if version > CLASS_FILE {
            problems.push(format!("{name} is a class file of version {version}"));
        }
    }
    if !found.iter().any(|name| name == "rs/scalekit/ScalekitClient.class") {
        problems.push("it lacks the client".to_owned());
    }
    Ok(problems)
}

/// Fails unless newer devices load each 64-bit library of JNA, in the folder of its unpacked AAR.
pub fn check_jna(folder: &Path) -> Result {
    for abi in ABIS.iter().filter(|abi| abi.is_64_bit) {
        let path = folder.join("jni").join(abi.name).join("libjnidispatch.so");
        let bytes = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let alignment = checks::smallest_alignment(&Elf::parse(&bytes)?);
        if alignment < checks::PAGE_SIZE {
            return Err(format!("{}: its segments are aligned to {alignment} bytes", path.display()).into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_unknown_entries_are_reported() {
        let mut found: Vec<String> =
            ["AndroidManifest.xml", "LICENSE", "R.txt", "classes.jar", "proguard.txt", aar::SBOM]
                .map(str::to_owned)
                .into();
        found.extend(["arm64-v8a", "armeabi-v7a", "x86"].map(|abi| format!("jni/{abi}/libscalekit_ffi.so")));
        found.push("jni/mips/libscalekit_ffi.so".to_owned());
        assert_eq!(
            entries(&found),
            ["it lacks jni/x86_64/libscalekit_ffi.so", "it contains jni/mips/libscalekit_ffi.so"]
        );
    }
}
