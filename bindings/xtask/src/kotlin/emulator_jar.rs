//! The jar `scalekit-emulator`: the emulator's programs, and an extension for JUnit 5.

use std::path::{Path, PathBuf};

use super::publishing;
use crate::dist::{self, Platform};
use crate::files;
use crate::shell::{Result, Shell};

/// The Maven project.
pub const PROJECT: &str = "bindings/emulator/jvm";

/// Prepares the project for Maven, with the program of this machine.
pub fn prepare(shell: &Shell, program: &Path) -> Result {
    let host = Platform::host(shell)?;
    collect(shell, &[(host, program.to_owned())])
}

/// `cargo xtask emulator-jar`: builds the jar to publish, with these programs of `cargo xtask emulator`.
pub fn publish(shell: &Shell, programs: &[&str]) -> Result {
    let programs: Vec<_> = programs.iter().map(|path| shell.root.join(path)).collect();
    let programs = programs.into_iter().map(|path| Ok((platform_of(&path)?, path)));
    let mut programs = programs.collect::<Result<Vec<_>>>()?;
    // The static programs run with glibc, too.
    programs.retain(|(platform, _)| !platform.target.ends_with("gnu"));
    if programs.is_empty() {
        return Err("the jar would contain no program: pass those of `cargo xtask emulator`".into());
    }
    collect(shell, &programs)?;
    publishing::copy(shell, &publishing::build_release(shell, &[publishing::EMULATOR])?)
}

/// Copies programs to where Maven adds them to the jar.
fn collect(shell: &Shell, programs: &[(&Platform, PathBuf)]) -> Result {
    let target = shell.root.join(PROJECT).join("target");
    // Classes of deleted sources and old programs must not get into the jar.
    files::remove(&target)?;
    for (platform, program) in programs {
        let folder = target.join("programs").join(folder_of(platform));
        std::fs::create_dir_all(&folder)?;
        let extension = if platform.target.contains("windows") { ".exe" } else { "" };
        std::fs::copy(program, folder.join(format!("scalekit-emulator{extension}")))?;
    }
    Ok(())
}

/// The platform of a program, by the target in its name.
fn platform_of(program: &Path) -> Result<&'static Platform> {
    let name = program.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let found = dist::PLATFORMS.iter().find(|platform| name.contains(platform.target));
    found.ok_or_else(|| format!("{name} is for an unsupported platform").into())
}

/// The folder in the jar in which `Program.java` looks for the program.
fn folder_of(platform: &Platform) -> String {
    let (architecture, rest) = platform.target.split_once('-').unwrap_or_default();
    let systems = [("linux", "linux"), ("apple", "macos"), ("windows", "windows")];
    let system = systems.iter().find(|(part, _)| rest.contains(part)).map_or("", |(_, system)| system);
    format!("{system}-{architecture}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_has_the_folder_of_its_platform() {
        for (name, folder) in [
            ("scalekit-emulator-x86_64-unknown-linux-musl", "linux-x86_64"),
            ("scalekit-emulator-aarch64-unknown-linux-musl", "linux-aarch64"),
            ("scalekit-emulator-aarch64-apple-darwin", "macos-aarch64"),
            ("scalekit-emulator-x86_64-pc-windows-msvc.exe", "windows-x86_64"),
        ] {
            assert_eq!(folder_of(platform_of(Path::new(name)).unwrap()), folder, "{name}");
        }
        assert!(platform_of(Path::new("scalekit-emulator-sparc")).is_err());
    }
}
