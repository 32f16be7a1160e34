//! `cargo xtask reproduce`: two builds of one commit in two places are the same to the last byte.

use std::error::Error;
use std::path::{Path, PathBuf};

use super::wheels;
use crate::dist::Platform;
use crate::shell::{Done, Shell};

/// The other place: a path of another length, so that no path can hide.
const PLACE: &str = "target/dist/reproduce/in-quite-another-place";

/// Prints the hash of a wheel, or of all files in it.
const HASH: &str = "\
import hashlib, sys, zipfile
data = open(sys.argv[1], 'rb').read()
print(hashlib.sha256(data).hexdigest())
for entry in zipfile.ZipFile(sys.argv[1]).infolist() if len(sys.argv) > 2 else []:
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        print(hashlib.sha256(wheel.read(entry)).hexdigest(), oct(entry.external_attr), entry.date_time, entry.filename)";

/// Builds the wheel here and in a clone elsewhere, and compares.
pub fn run(shell: &Shell, target: Option<&str>) -> Done {
    let platform = target.map_or_else(|| Platform::here(shell), Platform::named)?;
    if !shell.output(shell.command("git").args(["status", "--porcelain"]))?.is_empty() {
        return Err("something is not committed: the clone would be of other sources".into());
    }
    let here = wheels::build(shell, platform)?;
    let there = elsewhere(shell, platform)?;
    let hashes = [hash(shell, &here, false)?, hash(shell, &there, false)?];
    if hashes[0] != hashes[1] {
        return Err(format!("two builds differ: {}", difference(shell, &here, &there)?).into());
    }
    println!("{}  {}", hashes[0], here.strip_prefix(&shell.root).unwrap_or(&here).display());
    println!("the same from {} and {}", shell.root.display(), shell.root.join(PLACE).display());
    Ok(())
}

/// The wheel of this commit from another place. What was built there before is kept: only what changed is built anew.
fn elsewhere(shell: &Shell, platform: &Platform) -> Result<PathBuf, Box<dyn Error>> {
    let root = shell.root.join(PLACE);
    if !root.join(".git").exists() {
        shell.run(shell.command("git").args(["clone", "--quiet", "--no-hardlinks", "."]).arg(&root))?;
    }
    let commit = shell.output(shell.command("git").args(["rev-parse", "HEAD"]))?;
    let place = Shell { root, ci: shell.ci };
    shell.run(place.command("git").args(["fetch", "--quiet", "origin", &commit]))?;
    shell.run(place.command("git").args(["checkout", "--quiet", "--force", "--detach", &commit]))?;
    // A workspace inside another: cargo takes the inner one, whose manifest it meets first.
    wheels::build(&place, platform)
}

fn hash(shell: &Shell, wheel: &Path, all: bool) -> Result<String, Box<dyn Error>> {
    let mut python = super::venv::Venv::bare(shell)?.python(shell);
    shell.output(python.args(["-c", HASH]).arg(wheel).args(all.then_some("all")))
}

/// The files that are not the same, which is where to look.
fn difference(shell: &Shell, one: &Path, other: &Path) -> Result<String, Box<dyn Error>> {
    let (one, other) = (hash(shell, one, true)?, hash(shell, other, true)?);
    let known: Vec<&str> = other.lines().skip(1).collect();
    let differing: Vec<&str> = one.lines().skip(1).filter(|line| !known.contains(line)).collect();
    let nothing = differing.is_empty();
    Ok(if nothing { "only in how they are packed".to_owned() } else { differing.join(", ") })
}
