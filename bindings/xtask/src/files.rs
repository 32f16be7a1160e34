//! Files and folders that tasks create.

use std::path::{Path, PathBuf};

use crate::shell::Result;

/// Creates an empty folder, in place of any that exists.
pub fn recreate(folder: &Path) -> Result {
    remove(folder)?;
    Ok(std::fs::create_dir_all(folder)?)
}

/// Removes a folder if it exists.
pub fn remove(folder: &Path) -> Result {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// The only entry of `folder` whose name ends in `ending`.
pub fn single(folder: &Path, ending: &str) -> Result<PathBuf> {
    let mut found = ending_in(folder, ending)?;
    match (found.pop(), found.is_empty()) {
        (Some(path), true) => Ok(path),
        _ => Err(format!("{} must hold one file: *{ending}", folder.display()).into()),
    }
}

/// The entries of `folder`, which is created if missing, whose names end in `ending`, in their order.
pub fn ending_in(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let paths = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<_> = paths.collect::<std::io::Result<_>>()?;
    paths.sort();
    Ok(paths.into_iter().filter(|path| path.to_string_lossy().ends_with(ending)).collect())
}

/// The paths of all files below a folder, relative to it, in order.
pub fn all(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    collect(folder, "", &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<String>) -> Result {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.push(name);
        }
    }
    Ok(())
}
