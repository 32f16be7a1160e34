//! Rules that tests of behavior cannot check: about sources, manifests and the listings of the generated APIs.

use std::fs;
use std::path::{Path, PathBuf};

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The path and the text of every source file of the core.
fn core_sources() -> Vec<(PathBuf, String)> {
    let (mut folders, mut files) = (vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("core/src")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => files.push((entry.path(), read(entry.path()))),
            }
        }
    }
    assert!(files.len() > 50, "files are missing from core/src");
    files
}

fn assert_core_lacks(text: &str, but: &str) {
    for (path, source) in core_sources() {
        let is_exempt = !but.is_empty() && path.ends_with(but);
        assert_eq!(source.contains(text), is_exempt, "{text} in {}", path.display());
    }
}

/// The version number between `start` and `end`.
fn version(text: &str, start: &str, end: char) -> Vec<u32> {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start}"));
    let (numbers, _) = rest.split_once(end).unwrap();
    numbers.split('.').map(|number| number.parse().unwrap()).collect()
}

#[test]
fn uniffi_is_pinned_to_a_version_that_supports_32_bits() {
    let pinned = version(&read("Cargo.toml"), "uniffi = { version = \"=", '"');
    assert!(pinned >= vec![0, 32, 1], "{pinned:?}");
}

#[test]
fn exports_do_not_depend_on_the_target() {
    for (path, source) in core_sources() {
        let is_exempt = !source.contains("cfg(target_") || !source.contains("uniffi");
        assert!(is_exempt, "{} has exports and depends on the target", path.display());
    }
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
fn core_has_no_foreign_runtime_and_no_foreign_callback_but_that_for_logs() {
    for text in ["with_foreign", "async_runtime", "tokio::spawn"] {
        assert_core_lacks(text, "");
    }
    // ADR 21.
    assert_core_lacks("callback_interface", "core/src/ffi/logs/handler.rs");
}

#[test]
fn public_apis_have_no_unsigned_integers() {
    for (language, types) in
        [("kotlin", ["UByte", "UShort", "UInt", "ULong"]), ("swift", ["UInt8", "UInt16", "UInt32", "UInt64"])]
    {
        let listing = read(format!("bindings/api/{language}.txt"));
        let mut names = listing.split(|c: char| !c.is_alphanumeric());
        let found = names.find(|name| types.contains(name));
        assert_eq!(found, None, "{language}");
    }
}

#[test]
fn python_package_has_no_dependencies() {
    assert!(read("bindings/python/pyproject.toml").contains("\ndependencies = []\n"));
}

#[test]
fn jar_has_r8_rules_and_a_jna_for_16_kb_pages() {
    let rules = read("bindings/kotlin/src/main/resources/META-INF/proguard/scalekit.pro");
    for pattern in ["com.sun.jna.**", "extends com.sun.jna.Structure", "implements com.sun.jna.Callback"] {
        let line = rules.lines().find(|line| line.contains(pattern));
        assert!(line.is_some_and(|line| line.starts_with("-keep class ")), "{pattern}");
    }
    let jna = version(&read("bindings/kotlin/pom.xml"), "<artifactId>jna</artifactId>\n      <version>", '<');
    assert!(jna > vec![5, 16, 0], "{jna:?}");
}

/// `autotests` is off, so that a forgotten file would never run.
#[test]
fn every_test_file_belongs_to_a_program() {
    for package in ["", "tests/emulator/"] {
        let manifest = read(format!("{package}Cargo.toml"));
        let suite = read(format!("{package}tests/suite.rs"));
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(package).join("tests");
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_stem().unwrap().to_str().unwrap();
            let is_program = manifest.contains(&format!("path = \"tests/{name}.rs\""));
            let is_module = suite.lines().any(|line| line == format!("mod {name};"));
            let is_source = path.extension().is_some_and(|kind| kind == "rs");
            assert!(!is_source || is_program != is_module, "{} must belong to one program", path.display());
        }
    }
}
