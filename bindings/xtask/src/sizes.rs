//! What ships, and how large it may be: `bindings/size.json`.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::shell::{Done, Shell};
use crate::{build, kotlin, python};

const FILE: &str = "bindings/size.json";

/// How many times what it was. Above that, growth is something to decide about and not something that happens.
const MOST: f64 = 1.05;

/// Where what ships is put.
const PACKAGE: &str = "target/package";

/// Bytes, by the same names.
pub type Sizes = BTreeMap<&'static str, u64>;

/// What ships, by its name in `bindings/size.json`.
pub type Shipped = BTreeMap<&'static str, PathBuf>;

/// Sizes in bytes.
pub fn of(shipped: &Shipped) -> Result<Sizes, Box<dyn Error>> {
    let size = |(name, path): (&&'static str, &PathBuf)| Ok((*name, std::fs::metadata(path)?.len()));
    shipped.iter().map(size).collect()
}

/// `cargo xtask package`: builds all that ships, says how large it is, and fails where it has grown.
pub fn package(shell: &Shell) -> Done {
    let release = Shell { root: shell.root.clone(), ci: true };
    for (name, path) in packaged(&release)? {
        let size = std::fs::metadata(&path)?.len();
        println!("{size:>10} bytes  {name:<8} {}", path.strip_prefix(&shell.root).unwrap_or(&path).display());
    }
    check(shell)
}

/// `cargo xtask sizes`: takes the sizes of now as those that may be.
pub fn keep(shell: &Shell) -> Done {
    let sizes = of(&packaged(&Shell { root: shell.root.clone(), ci: true })?)?;
    let mut kept = read(shell)?;
    kept[platform()] = json!(sizes);
    Ok(std::fs::write(shell.root.join(FILE), serde_json::to_string_pretty(&kept)? + "\n")?)
}

/// Fails where something has grown that is there: the library once it is built for release, the rest once packaged.
pub fn check(shell: &Shell) -> Done {
    let kept = read(shell)?;
    let mut grown = Vec::new();
    for (name, path) in there(shell)? {
        let size = std::fs::metadata(path)?.len();
        let Some(before) = kept[platform()][name].as_u64() else {
            eprintln!("{name}: {size} bytes; {FILE} has none for {}", platform());
            continue;
        };
        let percent = (size as f64 / before as f64 - 1.0) * 100.0;
        eprintln!("{name}: {size} bytes, {percent:+.1} % on {before}");
        if size as f64 > before as f64 * MOST {
            grown.push(format!("{name} has grown by {percent:.1} %"));
        }
    }
    if grown.is_empty() {
        return Ok(());
    }
    let advice = format!("`cargo xtask package` builds it anew; `cargo xtask sizes` accepts it into {FILE}");
    Err(format!("{}: {advice}", grown.join(", ")).into())
}

/// Sizes are compared on the same system only.
fn platform() -> String {
    format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH)
}

fn read(shell: &Shell) -> Result<Value, Box<dyn Error>> {
    match std::fs::read_to_string(shell.root.join(FILE)) {
        Ok(text) => Ok(serde_json::from_str(&text)?),
        Err(_) => Ok(json!({})),
    }
}

/// Builds all that ships. `release` must build for release.
pub fn packaged(release: &Shell) -> Result<Shipped, Box<dyn Error>> {
    let out = release.root.join(PACKAGE);
    let wheel = python::wheel(release)?;
    let library = out.join(build::library_name());
    build::stripped(release, &build::library(release)?, &library)?;
    let built = kotlin::jar(release)?;
    let jar = out.join(built.file_name().ok_or("the jar has no name")?);
    std::fs::copy(built, &jar)?;
    Ok(Shipped::from([("library", library), ("wheel", wheel), ("jar", jar)]))
}

/// What of it is built already. The library is stripped anew: it may be newer than what was packaged.
fn there(shell: &Shell) -> Result<Vec<(&'static str, PathBuf)>, Box<dyn Error>> {
    let mut there = Vec::new();
    let built = build::target(shell).join("release").join(build::library_name());
    if built.exists() {
        let lean = shell.root.join("target/size").join(build::library_name());
        build::stripped(shell, &built, &lean)?;
        there.push(("library", lean));
    }
    for (name, ending) in [("wheel", "whl"), ("jar", "jar")] {
        there.extend(newest(&shell.root.join(PACKAGE), ending).map(|path| (name, path)));
    }
    if there.is_empty() {
        eprintln!("nothing is built for release: no sizes were compared");
    }
    Ok(there)
}

fn newest(folder: &Path, ending: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let age = |path: &PathBuf| std::fs::metadata(path).and_then(|data| data.modified()).ok();
    entries.filter(|path| path.extension().is_some_and(|found| found == ending)).max_by_key(age)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository with nothing but sizes: a jar of 1000 bytes was kept, and one of so many is there.
    fn repository(name: &str, bytes: usize) -> Shell {
        let root = std::env::temp_dir().join(format!("scalekit-sizes-{}-{name}", std::process::id()));
        std::fs::create_dir_all(root.join(PACKAGE)).unwrap();
        std::fs::create_dir_all(root.join("bindings")).unwrap();
        let mut kept = json!({});
        kept[platform()] = json!({"jar": 1000});
        std::fs::write(root.join(FILE), kept.to_string()).unwrap();
        std::fs::write(root.join(PACKAGE).join("scalekit.jar"), vec![0; bytes]).unwrap();
        Shell { root, ci: false }
    }

    #[test]
    fn growth_is_found() {
        for (name, bytes, passes) in [("smaller", 500, true), ("little", 1050, true), ("much", 1051, false)] {
            let shell = repository(name, bytes);
            let checked = check(&shell).map_err(|error| error.to_string());
            std::fs::remove_dir_all(&shell.root).unwrap();
            assert_eq!(checked.is_ok(), passes, "{name}: {checked:?}");
            assert!(passes || checked.unwrap_err().contains("jar has grown by 5.1 %"));
        }
    }
}
