//! The packages, and the sizes that they may have: `bindings/size.json`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::shell::{Result, Shell};
use crate::{build, c, kotlin, python};

const FILE: &str = "bindings/size.json";

/// The accepted growth: larger packages fail the check until their size is accepted.
const MAX_GROWTH: f64 = 1.05;

/// The largest size of a package, in bytes, whatever is accepted: three quarters of the UniFFI library (ADR 13).
const LIMITS: [(&str, u64); 1] = [("c_library", 4_290_000)];

/// The packages.
pub const NAMES: [&str; 4] = ["library", "c_library", "wheel", "jar"];

/// The folder of the packages.
const FOLDER: &str = "target/package";

/// Sizes in bytes, by name.
pub type Sizes = BTreeMap<&'static str, u64>;

/// The paths of the packages, by their names in `bindings/size.json`.
pub type Packages = BTreeMap<&'static str, PathBuf>;

pub fn measure(packages: &Packages) -> Result<Sizes> {
    let size = |(name, path): (&&'static str, &PathBuf)| Ok((*name, std::fs::metadata(path)?.len()));
    packages.iter().map(size).collect()
}

/// `cargo xtask package [NAME]…`: builds all packages or these, prints their sizes, and fails if one has grown.
pub fn package(shell: &Shell, names: &[&str]) -> Result {
    if let Some(unknown) = names.iter().find(|name| !NAMES.contains(name)) {
        return Err(format!("unknown package: {unknown}; known: {}", NAMES.join(", ")).into());
    }
    let names = if names.is_empty() { &NAMES } else { names };
    for (name, path) in build_packages(shell, names)? {
        let size = std::fs::metadata(&path)?.len();
        println!("{size:>10} bytes  {name:<8} {}", path.strip_prefix(&shell.root).unwrap_or(&path).display());
    }
    check(shell)
}

/// `cargo xtask sizes`: builds all packages and accepts their sizes.
pub fn accept(shell: &Shell) -> Result {
    let sizes = measure(&build_packages(shell, &NAMES)?)?;
    sizes.iter().try_for_each(|(name, size)| within_limit(name, *size))?;
    let mut accepted = read(shell)?;
    accepted[platform()] = json!(sizes);
    Ok(std::fs::write(shell.root.join(FILE), serde_json::to_string_pretty(&accepted)? + "\n")?)
}

/// Fails if a package has grown, or is larger than its limit. Compares only what is already built: the library if it is
/// built for release, the wheel and the jar if they are packaged.
pub fn check(shell: &Shell) -> Result {
    let accepted = read(shell)?;
    let mut grown = Vec::new();
    for (name, path) in existing(shell)? {
        let size = std::fs::metadata(path)?.len();
        within_limit(name, size)?;
        let Some(before) = accepted[platform()][name].as_u64() else {
            eprintln!("{name}: {size} bytes; {FILE} has no size for {}", platform());
            continue;
        };
        let percent = (size as f64 / before as f64 - 1.0) * 100.0;
        eprintln!("{name}: {size} bytes, {percent:+.1} % over {before}");
        if size as f64 > before as f64 * MAX_GROWTH {
            grown.push(format!("{name} has grown by {percent:.1} %"));
        }
    }
    if grown.is_empty() {
        return Ok(());
    }
    let advice = format!(
        "`cargo xtask package` rebuilds the packages; `cargo xtask sizes` accepts their sizes into {FILE}"
    );
    Err(format!("{}: {advice}", grown.join(", ")).into())
}

/// Fails if a package is larger than its limit. Growth up to it has to be accepted, growth beyond it cannot be.
fn within_limit(name: &str, size: u64) -> Result {
    match LIMITS.iter().find(|(limited, limit)| *limited == name && size > *limit) {
        None => Ok(()),
        Some((_, limit)) => Err(format!("{name} has {size} bytes; its limit is {limit}").into()),
    }
}

/// Sizes are compared only with those of the same system and architecture.
fn platform() -> String {
    format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH)
}

fn read(shell: &Shell) -> Result<Value> {
    match std::fs::read_to_string(shell.root.join(FILE)) {
        Ok(text) => Ok(serde_json::from_str(&text)?),
        Err(_) => Ok(json!({})),
    }
}

/// Builds packages for release.
pub fn build_packages(shell: &Shell, names: &[&str]) -> Result<Packages> {
    let release = &shell.release();
    let mut packages = Packages::new();
    for name in NAMES.into_iter().filter(|name| names.contains(name)) {
        let path = match name {
            "wheel" => python::package::wheel(release)?,
            "jar" => jar(release)?,
            "c_library" => c_library(release)?,
            _ => library(release)?,
        };
        packages.insert(name, path);
    }
    Ok(packages)
}

fn library(release: &Shell) -> Result<PathBuf> {
    let library = release.root.join(FOLDER).join(build::library_name());
    build::copy_stripped(release, &build::library(release)?, &library)?;
    Ok(library)
}

fn c_library(release: &Shell) -> Result<PathBuf> {
    let library = release.root.join(FOLDER).join("libscalekit.so");
    build::copy_stripped(release, &c::library::build(release)?.shared, &library)?;
    Ok(library)
}

fn jar(release: &Shell) -> Result<PathBuf> {
    let built = kotlin::packages(release)?;
    let jar = release.root.join(FOLDER).join(built.file_name().ok_or("the jar has no name")?);
    std::fs::create_dir_all(release.root.join(FOLDER))?;
    std::fs::copy(built, &jar)?;
    Ok(jar)
}

/// The packages that are already built. The library is stripped again: it may be newer than the packaged one.
fn existing(shell: &Shell) -> Result<Vec<(&'static str, PathBuf)>> {
    let mut existing = Vec::new();
    for (name, file) in [("library", build::library_name().as_str()), ("c_library", "libscalekit.so")] {
        let built = build::target(shell).join("release").join(file);
        if built.exists() {
            let stripped = shell.root.join("target/size").join(file);
            build::copy_stripped(shell, &built, &stripped)?;
            existing.push((name, stripped));
        }
    }
    for (name, ending) in [("wheel", "whl"), ("jar", "jar")] {
        existing.extend(newest(&shell.root.join(FOLDER), ending).map(|path| (name, path)));
    }
    if existing.is_empty() {
        eprintln!("nothing is built for release: sizes are not compared");
    }
    Ok(existing)
}

fn newest(folder: &Path, ending: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let modified = |path: &PathBuf| std::fs::metadata(path).and_then(|data| data.modified()).ok();
    entries.filter(|path| path.extension().is_some_and(|extension| extension == ending)).max_by_key(modified)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository with a jar of the given size, whose accepted size is 1000 bytes.
    fn repository(name: &str, bytes: usize) -> Shell {
        let root = std::env::temp_dir().join(format!("scalekit-sizes-{}-{name}", std::process::id()));
        std::fs::create_dir_all(root.join(FOLDER)).unwrap();
        std::fs::create_dir_all(root.join("bindings")).unwrap();
        let mut accepted = json!({});
        accepted[platform()] = json!({"jar": 1000});
        std::fs::write(root.join(FILE), accepted.to_string()).unwrap();
        std::fs::write(root.join(FOLDER).join("scalekit.jar"), vec![0; bytes]).unwrap();
        Shell { root, ci: false }
    }

    #[test]
    fn accepted_size_beyond_the_limit_is_rejected() {
        assert!(within_limit("c_library", 4_290_000).is_ok());
        let rejected = within_limit("c_library", 4_290_001).unwrap_err().to_string();
        assert_eq!(rejected, "c_library has 4290001 bytes; its limit is 4290000");
        assert!(within_limit("wheel", 4_290_001).is_ok(), "no limit");
    }

    #[test]
    fn growth_above_5_percent_is_rejected() {
        for (name, bytes, passes) in [("smaller", 500, true), ("little", 1050, true), ("much", 1051, false)] {
            let shell = repository(name, bytes);
            let checked = check(&shell).map_err(|error| error.to_string());
            std::fs::remove_dir_all(&shell.root).unwrap();
            assert_eq!(checked.is_ok(), passes, "{name}: {checked:?}");
            assert!(passes || checked.unwrap_err().contains("jar has grown by 5.1 %"));
        }
    }
}
