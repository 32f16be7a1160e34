//! Rules that no call can show: what the sources, the manifests and the listings of the generated surfaces must hold.

use std::fs;
use std::path::{Path, PathBuf};

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file of the core, with its text.
fn core() -> Vec<(PathBuf, String)> {
    let (mut folders, mut files) = (vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("core/src")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => files.push((entry.path(), read(entry.path()))),
            }
        }
    }
    assert!(files.len() > 50, "the core is somewhere else");
    files
}

fn assert_nowhere(what: &str) {
    for (path, text) in core() {
        assert!(!text.contains(what), "{} has {what}", path.display());
    }
}

/// The numbers after `mark`, up to `end`.
fn version(text: &str, mark: &str, end: char) -> Vec<u32> {
    let (_, rest) = text.split_once(mark).unwrap_or_else(|| panic!("no {mark}"));
    let (numbers, _) = rest.split_once(end).unwrap();
    numbers.split('.').map(|number| number.parse().unwrap()).collect()
}

#[test]
fn uniffi_is_pinned_to_a_version_that_starts_on_32_bits() {
    let pinned = version(&read("Cargo.toml"), "uniffi = { version = \"=", '"');
    assert!(pinned >= vec![0, 32, 1], "{pinned:?}");
}

#[test]
fn what_is_exported_is_the_same_on_every_system() {
    assert_nowhere("cfg(target_");
}

#[test]
fn panics_unwind_in_every_profile() {
    let manifest = read("Cargo.toml");
    for profile in ["release", "dev"] {
        let (_, rest) = manifest.split_once(&format!("[profile.{profile}]")).unwrap();
        let section = rest.split("\n[").next().unwrap();
        assert!(section.contains("panic = \"unwind\""), "{profile}");
    }
    assert!(!manifest.contains("\"abort\""));
}

#[test]
fn rust_calls_nobody_back_and_borrows_no_runtime() {
    for what in ["with_foreign", "callback_interface", "async_runtime", "tokio::spawn"] {
        assert_nowhere(what);
    }
}

#[test]
fn no_unsigned_number_is_public() {
    for (language, words) in
        [("kotlin", ["UByte", "UShort", "UInt", "ULong"]), ("swift", ["UInt8", "UInt16", "UInt32", "UInt64"])]
    {
        let listing = read(format!("bindings/api/{language}.txt"));
        let mut names = listing.split(|c: char| !c.is_alphanumeric());
        let found = names.find(|name| words.contains(name));
        assert_eq!(found, None, "{language}");
    }
}

#[test]
fn python_needs_no_other_package() {
    assert!(read("bindings/python/pyproject.toml").contains("\ndependencies = []\n"));
}

#[test]
fn jars_bring_their_rules_for_r8_and_a_jna_for_large_pages() {
    let rules = read("bindings/kotlin/src/main/resources/META-INF/proguard/scalekit.pro");
    for kept in ["com.sun.jna.**", "extends com.sun.jna.Structure", "implements com.sun.jna.Callback"] {
        let line = rules.lines().find(|line| line.contains(kept));
        assert!(line.is_some_and(|line| line.starts_with("-keep class ")), "{kept}");
    }
    let jna = version(&read("bindings/kotlin/pom.xml"), "<artifactId>jna</artifactId>\n      <version>", '<');
    assert!(jna > vec![5, 16, 0], "{jna:?}");
}
