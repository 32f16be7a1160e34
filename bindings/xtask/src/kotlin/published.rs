//! `cargo xtask jar check`: builds the packages twice, and uses them as programs do that are built with Maven or Gradle.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::project::PROJECT;
use super::{BOM, build_packages, emulator_jar, maven, publishing};
use crate::shell::{Result, Shell};
use crate::{consent, files};

/// The programs.
const WITH_MAVEN: &str = "bindings/kotlin/published/maven";
const WITH_GRADLE: &str = "bindings/kotlin/published/gradle";

/// The main class of the program.
const PROGRAM: &str = "Published";

/// The packages as they ship, for this platform.
pub fn check(shell: &Shell) -> Result {
    let shell = &shell.release();
    compare(shell)?;
    run_with_maven(shell)?;
    run_with_gradle(shell)
}

/// Builds the packages, and again without anything from the first build, and fails if a file differs.
fn compare(shell: &Shell) -> Result {
    let first = contents(&build_packages(shell)?)?;
    for project in [PROJECT, BOM, emulator_jar::PROJECT] {
        files::remove(&shell.root.join(project).join("target"))?;
    }
    let second = contents(&build_packages(shell)?)?;
    let differing = differing(&first, &second);
    if !differing.is_empty() {
        return Err(format!("the two builds differ: {}", differing.join(", ")).into());
    }
    for (path, _) in &second {
        print!("{}", shell.output(shell.command("sha256sum").arg(path))? + "\n");
    }
    println!("identical in a second build");
    Ok(())
}

/// The files with their bytes.
type Contents = Vec<(PathBuf, Vec<u8>)>;

fn contents(paths: &[PathBuf]) -> Result<Contents> {
    paths.iter().map(|path| Ok((path.clone(), std::fs::read(path)?))).collect()
}

/// The names of the files that one build has with other bytes, or that it lacks.
fn differing(first: &Contents, second: &Contents) -> Vec<String> {
    let only_in = |one: &Contents, other: &Contents| {
        let lacking = one.iter().filter(|file| !other.contains(file));
        let names = lacking.filter_map(|(path, _)| path.file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect::<Vec<_>>()
    };
    let mut names = [only_in(first, second), only_in(second, first)].concat();
    names.sort();
    names.dedup();
    names
}

/// Builds a program with Maven and a local repository of its own, into which no other build has installed packages.
fn run_with_maven(shell: &Shell) -> Result {
    let local = shell.root.join("target/package/maven-local");
    files::remove(&local.join("rs/scalekit"))?;
    let mut compile = maven::command(shell, WITH_MAVEN);
    compile.args(["-q", "clean", "compile"]).arg(format!("-Dpublished={}", url(shell)));
    shell.run(compile.arg(format!("-Dmaven.repo.local={}", local.display())))?;
    let target = shell.root.join(WITH_MAVEN).join("target");
    run(shell, std::env::join_paths([target.join("classes"), target.join("dependencies/*")])?)
}

/// Resolves the packages with the classes of a current Gradle, and runs the same program with what it has found.
fn run_with_gradle(shell: &Shell) -> Result {
    consent::ask(shell, "Gradle's classes, to resolve the packages", "190 MB")?;
    shell.run(maven::command(shell, WITH_GRADLE).args(["-q", "compile"]))?;
    let target = shell.root.join(WITH_GRADLE).join("target");
    let project = target.join("project");
    files::recreate(&project)?;
    let mut resolve = shell.command("java");
    // Gradle opens it for itself when it starts a build.
    resolve.arg("--add-opens=java.base/java.lang=ALL-UNNAMED").arg("-cp");
    resolve.arg(std::env::join_paths([target.join("classes"), target.join("dependencies/*")])?);
    let printed = shell.output(resolve.arg("Resolve").arg(url(shell)).arg(&project))?;
    let path = printed.lines().next_back().ok_or("Gradle has printed no class path")?;
    let classes = shell.root.join(WITH_MAVEN).join("target/classes");
    let found = std::env::split_paths(path);
    run(shell, std::env::join_paths(std::iter::once(classes).chain(found))?)
}

fn run(shell: &Shell, class_path: OsString) -> Result {
    shell.run(shell.command("java").arg("-cp").arg(class_path).arg(PROGRAM))
}

/// The URL of the repository with the packages.
fn url(shell: &Shell) -> String {
    format!("file://{}", Path::display(&publishing::folder(shell)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_with_other_bytes_or_in_one_build_alone_differs() {
        let file = |name: &str, bytes: &[u8]| (Path::new("r").join(name), bytes.to_vec());
        let first = vec![file("a.jar", b"1"), file("b.jar", b"2"), file("c.pom", b"3")];
        assert!(differing(&first, &first.clone()).is_empty());
        let second = vec![file("a.jar", b"1"), file("b.jar", b"4"), file("d.pom", b"3")];
        assert_eq!(differing(&first, &second), ["b.jar", "c.pom", "d.pom"]);
    }
}
