//! `cargo xtask wheels`: builds the wheels to publish, one for each platform.
//!
//! The library does not depend on Python, so that one wheel supports all its versions. Two builds of a commit are
//! identical byte by byte, which `cargo xtask reproduce` checks.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::package::{self, FOLDER};
use super::venv::Venv;
use crate::dist::{self, Platform};
use crate::shell::{Result, Shell};
use crate::{files, sbom, shipped};

/// The packages that build wheels, with their versions.
const TOOLS: &str = "bindings/python/wheels.txt";

/// How the tags of platforms with glibc begin, whose version follows.
const MANYLINUX: &str = "manylinux_";

/// The folder of the built wheels.
pub const OUT: &str = "target/package/wheels";

/// Builds the wheels for these Rust targets, or for that of this machine.
pub fn run(shell: &Shell, targets: &[&str]) -> Result {
    let mut platforms = targets.iter().map(|name| Platform::named(name)).collect::<Result<Vec<_>>>()?;
    if platforms.is_empty() {
        platforms.push(Platform::host(shell)?);
    }
    for platform in platforms {
        let wheel = build(shell, platform)?;
        let size = std::fs::metadata(&wheel)?.len();
        println!("{size:>10} bytes  {}", wheel.strip_prefix(&shell.root).unwrap_or(&wheel).display());
    }
    Ok(())
}

/// Builds the wheel of a platform, checks that it may ship, and returns its path.
pub fn build(shell: &Shell, platform: &Platform) -> Result<PathBuf> {
    let venv = tools(shell)?;
    let work = work(shell, platform.target);
    // For the profile's `strip = "debuginfo"`, zig would also remove the symbols, which the generator reads.
    let project = Project { folder: FOLDER, profile: "release", codegen: "strip=none" };
    let unstripped = compile(shell, &venv, platform, &project, &work.join("whole"))?;
    let folder = unpack(shell, &venv, &unstripped, &work.join("open"))?;
    let library = folder.join("scalekit_rs/_native").join(platform.library_name());
    // Only the generator reads the symbols, and it has run.
    dist::strip(shell, &library)?;
    shipped::check(shell, platform, &std::fs::read(&library)?)?;
    let wheel = finish(shell, &venv, platform.target, &folder)?;
    if let Some(tag) = platform.linux.filter(|tag| tag.starts_with(MANYLINUX)) {
        run_auditwheel(shell, &venv, tag, &wheel)?;
    }
    Ok(wheel)
}

/// Packs an unpacked wheel whose library may ship, with the SBOM for the target, and returns its path.
pub fn finish(shell: &Shell, venv: &Venv, target: &str, folder: &Path) -> Result<PathBuf> {
    package::add_sbom(folder, &sbom::write(shell, target)?)?;
    package::check_contents(folder)?;
    normalize_permissions(folder)?;
    let packed = work(shell, target).join("packed");
    files::recreate(&packed)?;
    let wheel = package::pack(shell, venv, folder, &packed)?;
    let out = shell.root.join(OUT).join(wheel.file_name().ok_or("the wheel has no name")?);
    std::fs::create_dir_all(shell.root.join(OUT))?;
    std::fs::rename(wheel, &out)?;
    Ok(out)
}

/// The folder of the intermediate files of a wheel.
pub fn work(shell: &Shell, target: &str) -> PathBuf {
    shell.root.join(dist::FOLDER).join("wheels").join(target)
}

/// Extracts the native library of a wheel, and returns its platform and path.
pub fn library(shell: &Shell, wheel: &Path) -> Result<(&'static Platform, PathBuf)> {
    let name = wheel.file_name().and_then(|name| name.to_str()).ok_or("the wheel has no name")?;
    let platform = dist::PLATFORMS.iter().find(|platform| is_for(name, platform));
    let platform = platform.ok_or_else(|| format!("{name} is for an unsupported platform"))?;
    let folder = shell.root.join(dist::FOLDER).join("opened").join(platform.target);
    files::recreate(&folder)?;
    let mut extract = Venv::bare(shell)?.module(shell, "zipfile");
    shell.run(extract.arg("--extract").arg(wheel).arg(&folder))?;
    Ok((platform, folder.join("scalekit_rs/_native").join(platform.library_name())))
}

/// Checks that the wheels which are already built may ship.
pub fn check(shell: &Shell) -> Result {
    let wheels = files::ending_in(&shell.root.join(OUT), ".whl")?;
    if wheels.is_empty() {
        eprintln!("no wheel to publish is built: none is checked");
    }
    for wheel in wheels {
        let (platform, library) = library(shell, &wheel)?;
        shipped::check(shell, platform, &std::fs::read(library)?)?;
    }
    Ok(())
}

/// Whether a wheel is for a platform, by the tags in its name.
fn is_for(name: &str, platform: &Platform) -> bool {
    let (architecture, _) = platform.target.split_once('-').unwrap_or_default();
    let system = match platform.linux {
        Some(linux) => linux,
        None if platform.target.contains("apple") => "macosx",
        None => return name.contains("win_amd64"),
    };
    let is_macos = system == "macosx";
    let architecture = if is_macos { architecture.replace("aarch64", "arm64") } else { architecture.into() };
    name.contains(system) && name.ends_with(&format!("{architecture}.whl"))
}

pub fn tools(shell: &Shell) -> Result<Venv> {
    let venv = Venv::bare(shell)?;
    venv.install_all(shell, TOOLS)?;
    Ok(venv)
}

/// A package that maturin builds.
pub struct Project {
    pub folder: &'static str,
    /// cargo's profile.
    pub profile: &'static str,
    /// An option of the compiler on Linux.
    pub codegen: &'static str,
}

/// Builds the wheel of a package with maturin.
pub fn compile(
    shell: &Shell,
    venv: &Venv,
    platform: &Platform,
    project: &Project,
    out: &Path,
) -> Result<PathBuf> {
    files::recreate(out)?;
    // Rust may be installed without rustup.
    if platform.target != dist::host(shell)? {
        dist::add_target(shell, platform.target)?;
    }
    let mut build = venv.module(shell, "maturin");
    build.args(["build", "--locked", "--quiet", "--profile", project.profile, "--target", platform.target]);
    if let Some(linux) = platform.linux {
        // zig contains the C libraries of all versions and architectures. maturin finds it through the first Python in PATH.
        build.args(["--zig", "--compatibility", linux]).env("PATH", first_in_path(venv)?);
    }
    if platform.target.contains("apple") {
        // maturin reads the wheel's tag from it as well.
        build.env("MACOSX_DEPLOYMENT_TARGET", dist::macos_version(platform.target));
    }
    build
        .arg("--interpreter")
        .arg(venv.path())
        .arg("--out")
        .arg(out)
        .current_dir(shell.root.join(project.folder));
    if platform.linux.is_some() {
        build.args(["--", "-C", project.codegen]);
    }
    shell.run(dist::make_reproducible(shell, &mut build)?)?;
    files::single(out, ".whl")
}

/// The search path, with the environment's programs first.
pub fn first_in_path(venv: &Venv) -> Result<std::ffi::OsString> {
    let folder = venv.path().parent().ok_or("the interpreter has no folder")?.to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths([folder].into_iter().chain(std::env::split_paths(&path)))?)
}

/// Unpacks a wheel, and returns the folder of its files.
pub fn unpack(shell: &Shell, venv: &Venv, wheel: &Path, to: &Path) -> Result<PathBuf> {
    files::recreate(to)?;
    shell.run(venv.module(shell, "wheel").arg("unpack").arg(wheel).arg("--dest").arg(to))?;
    files::single(to, "")
}

/// Sets the permissions of all files, which the wheel contains, independently of the umask.
fn normalize_permissions(folder: &Path) -> Result {
    for path in files::ending_in(folder, "")? {
        if path.is_dir() {
            normalize_permissions(&path)?;
            continue;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644))?;
        }
    }
    Ok(())
}

/// Checks with auditwheel, whose rules the package index applies, that a wheel supports a Linux platform with glibc. Wheels
/// for musl are checked by maturin and `shipped`: auditwheel reads the libraries that they need on this machine, where
/// `libc.so` is a script of glibc's linker.
fn run_auditwheel(shell: &Shell, venv: &Venv, expected: &str, wheel: &Path) -> Result {
    let mut audit: Command = venv.module(shell, "auditwheel");
    let report = shell.output(audit.arg("show").arg(wheel))?;
    match supports(&report, expected) {
        true => Ok(()),
        false => Err(format!("auditwheel does not confirm {expected}:\n{report}").into()),
    }
}

/// Whether auditwheel's report names the expected platform tag, or an older one.
fn supports(report: &str, expected: &str) -> bool {
    let report = report.split_whitespace().collect::<Vec<_>>().join(" ");
    let found = report.split_once("consistent with the following platform tag: \"").map(|(_, rest)| rest);
    match (found.and_then(glibc), glibc(expected)) {
        (Some(found), Some(expected)) => found <= expected,
        _ => false,
    }
}

/// The version of glibc in a platform tag.
fn glibc(tag: &str) -> Option<[u32; 2]> {
    let mut parts = tag.strip_prefix(MANYLINUX)?.split(['_', '"']);
    Some([parts.next()?.parse().ok()?, parts.next()?.parse().ok()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auditwheel_must_confirm_the_tag_or_an_older_one() {
        for (found, tag, expected) in [
            ("manylinux_2_17_x86_64", "manylinux_2_17", true),
            ("manylinux_2_5_x86_64", "manylinux_2_17", true),
            ("manylinux_2_34_x86_64", "manylinux_2_17", false),
            ("linux_x86_64", "manylinux_2_17", false),
            ("musllinux_1_2_x86_64", "manylinux_2_17", false),
        ] {
            let report =
                format!("\nthe.whl is consistent\nwith the following platform tag: \"{found}\".\n\nMore.");
            assert_eq!(supports(&report, tag), expected, "{found}, {tag}");
        }
    }

    #[test]
    fn each_wheel_belongs_to_one_platform() {
        for (tags, target) in [
            ("manylinux_2_17_x86_64.manylinux2014_x86_64", "x86_64-unknown-linux-gnu"),
            ("manylinux_2_17_aarch64.manylinux2014_aarch64", "aarch64-unknown-linux-gnu"),
            ("musllinux_1_2_x86_64", "x86_64-unknown-linux-musl"),
            ("musllinux_1_2_aarch64", "aarch64-unknown-linux-musl"),
            ("macosx_10_14_x86_64", "x86_64-apple-darwin"),
            ("macosx_11_0_arm64", "aarch64-apple-darwin"),
            ("win_amd64", "x86_64-pc-windows-msvc"),
        ] {
            let name = format!("scalekit_rs-0.1.0-py3-none-{tags}.whl");
            let all = dist::PLATFORMS.iter().filter(|platform| is_for(&name, platform));
            assert_eq!(all.map(|platform| platform.target).collect::<Vec<_>>(), [target], "{name}");
        }
    }
}
