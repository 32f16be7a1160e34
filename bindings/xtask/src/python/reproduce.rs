//! `cargo xtask reproduce`: builds the wheel of a commit in two folders and compares them byte by byte.

use std::path::{Path, PathBuf};

use super::venv::Venv;
use super::wheels;
use crate::dist::Platform;
use crate::shell::{Result, Shell};

/// The folder of the clone. Its path has a different length, so that an embedded path changes the wheel.
const CLONE: &str = "target/dist/reproduce/in-quite-another-place";

/// Prints the SHA-256 hash of a wheel, and with a second argument those of all files in it.
const HASH: &str = "\
import hashlib, sys, zipfile
data = open(sys.argv[1], 'rb').read()
print(hashlib.sha256(data).hexdigest())
for entry in zipfile.ZipFile(sys.argv[1]).infolist() if len(sys.argv) > 2 else []:
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        print(hashlib.sha256(wheel.read(entry)).hexdigest(), oct(entry.external_attr), entry.date_time, entry.filename)";

/// Builds the wheel here and in a clone, and fails if they differ.
pub fn run(shell: &Shell, target: Option<&str>) -> Result {
    let platform = target.map_or_else(|| Platform::host(shell), Platform::named)?;
    if !shell.output(shell.command("git").args(["status", "--porcelain"]))?.is_empty() {
        return Err("there are uncommitted changes, which the clone would lack".into());
    }
    let here = wheels::build(shell, platform)?;
    let there = build_in_clone(shell, platform)?;
    let hashes = [hash(shell, &here, false)?, hash(shell, &there, false)?];
    if hashes[0] != hashes[1] {
        return Err(format!("the two builds differ: {}", difference(shell, &here, &there)?).into());
    }
    println!("{}  {}", hashes[0], here.strip_prefix(&shell.root).unwrap_or(&here).display());
    println!("identical from {} and {}", shell.root.display(), shell.root.join(CLONE).display());
    Ok(())
}

/// Builds this commit in the clone. The clone and its target folder are kept, so that the next build is incremental.
fn build_in_clone(shell: &Shell, platform: &Platform) -> Result<PathBuf> {
    let root = shell.root.join(CLONE);
    if !root.join(".git").exists() {
        shell.run(shell.command("git").args(["clone", "--quiet", "--no-hardlinks", "."]).arg(&root))?;
    }
    let commit = shell.output(shell.command("git").args(["rev-parse", "HEAD"]))?;
    let clone = Shell { root, ci: shell.ci };
    shell.run(clone.command("git").args(["fetch", "--quiet", "origin", &commit]))?;
    shell.run(clone.command("git").args(["checkout", "--quiet", "--force", "--detach", &commit]))?;
    // The clone is a workspace inside of this one: cargo uses the innermost.
    wheels::build(&clone, platform)
}

fn hash(shell: &Shell, wheel: &Path, with_files: bool) -> Result<String> {
    let mut python = Venv::bare(shell)?.python(shell);
    shell.output(python.args(["-c", HASH]).arg(wheel).args(with_files.then_some("files")))
}

/// The files that differ between two wheels.
fn difference(shell: &Shell, one: &Path, other: &Path) -> Result<String> {
    let (one, other) = (hash(shell, one, true)?, hash(shell, other, true)?);
    let identical: Vec<&str> = other.lines().skip(1).collect();
    let differing: Vec<&str> = one.lines().skip(1).filter(|line| !identical.contains(line)).collect();
    let is_packing = differing.is_empty();
    Ok(if is_packing { "only in how they are packed".to_owned() } else { differing.join(", ") })
}
