//! `cargo xtask wheels`: the wheels that people install, one for each platform.
//!
//! The library knows nothing of Python, so that one wheel serves all its versions. Two builds of one commit are the
//! same to the last byte: `cargo xtask reproduce` holds us to it.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::venv::Venv;
use super::{FOLDER, carry, emptied, found, only};
use crate::dist::{self, Platform};
use crate::shell::{Done, Shell};
use crate::{sbom, shipped};

/// What builds wheels, each with its version.
const TOOLS: &str = "bindings/python/wheels.txt";

/// Where the wheels are put.
pub const OUT: &str = "target/package/wheels";

/// Builds the wheels of some platforms, by Rust's names for them, or the one for this machine.
pub fn run(shell: &Shell, targets: &[&str]) -> Done {
    let mut platforms = targets.iter().map(|name| Platform::named(name)).collect::<Result<Vec<_>, _>>()?;
    if platforms.is_empty() {
        platforms.push(Platform::here(shell)?);
    }
    for platform in platforms {
        let wheel = build(shell, platform)?;
        let size = std::fs::metadata(&wheel)?.len();
        println!("{size:>10} bytes  {}", wheel.strip_prefix(&shell.root).unwrap_or(&wheel).display());
    }
    Ok(())
}

/// Builds the wheel of one platform, and checks that it may ship.
pub fn build(shell: &Shell, platform: &Platform) -> Result<PathBuf, Box<dyn Error>> {
    let venv = tools(shell)?;
    let place = shell.root.join(dist::FOLDER).join("wheels").join(platform.target);
    let whole = compiled(shell, &venv, platform, &place.join("whole"))?;
    let folder = opened(shell, &venv, &whole, &place.join("open"))?;
    let library = folder.join("scalekit_rs/_native").join(platform.library());
    // The generator has read its symbols; nobody else needs them.
    dist::strip(shell, &library)?;
    shipped::check(shell, platform, &std::fs::read(&library)?)?;
    carry(&folder, &sbom::write(shell, platform.target)?)?;
    plain_modes(&folder)?;
    let packed = place.join("packed");
    emptied(&packed)?;
    let mut pack = venv.module(shell, "wheel");
    pack.arg("pack").arg(folder).arg("--dest-dir").arg(&packed);
    shell.run(pack.env("SOURCE_DATE_EPOCH", dist::time(shell)?))?;
    let wheel = only(&packed, ".whl")?;
    if platform.linux.is_some() {
        audited(shell, &venv, platform, &wheel)?;
    }
    let out = shell.root.join(OUT).join(wheel.file_name().ok_or("the wheel has no name")?);
    std::fs::create_dir_all(shell.root.join(OUT))?;
    std::fs::rename(wheel, &out)?;
    Ok(out)
}

/// Takes the native library out of a wheel, and says which platform it is for.
pub fn library(shell: &Shell, wheel: &Path) -> Result<(&'static Platform, PathBuf), Box<dyn Error>> {
    let name = wheel.file_name().and_then(|name| name.to_str()).ok_or("the wheel has no name")?;
    let platform = dist::PLATFORMS.iter().find(|platform| is_for(name, platform));
    let platform = platform.ok_or_else(|| format!("{name} is for no platform that is known here"))?;
    let place = shell.root.join(dist::FOLDER).join("opened").join(platform.target);
    emptied(&place)?;
    let mut unpack = Venv::bare(shell)?.module(shell, "zipfile");
    shell.run(unpack.arg("--extract").arg(wheel).arg(&place))?;
    Ok((platform, place.join("scalekit_rs/_native").join(platform.library())))
}

/// Checks the wheels that are there, each as if it had just been built.
pub fn check(shell: &Shell) -> Done {
    let wheels = found(&shell.root.join(OUT), ".whl")?;
    if wheels.is_empty() {
        eprintln!("no wheel is built to be published: none was checked");
    }
    for wheel in wheels {
        let (platform, library) = library(shell, &wheel)?;
        shipped::check(shell, platform, &std::fs::read(library)?)?;
    }
    Ok(())
}

/// Whether a wheel of this name runs there, by the tags in the name.
fn is_for(name: &str, platform: &Platform) -> bool {
    let (processor, _) = platform.target.split_once('-').unwrap_or_default();
    let system = match platform.linux {
        Some(linux) => linux,
        None if platform.target.contains("apple") => "macosx",
        None => return name.contains("win_amd64"),
    };
    let processor = if system == "macosx" { processor.replace("aarch64", "arm64") } else { processor.into() };
    name.contains(system) && name.ends_with(&format!("{processor}.whl"))
}

fn tools(shell: &Shell) -> Result<Venv, Box<dyn Error>> {
    let venv = Venv::bare(shell)?;
    venv.install_all(shell, TOOLS)?;
    Ok(venv)
}

/// The wheel as maturin makes it, its library with all symbols.
fn compiled(shell: &Shell, venv: &Venv, platform: &Platform, out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    emptied(out)?;
    let mut build = venv.module(shell, "maturin");
    build.args(["build", "--locked", "--quiet", "--profile", "release", "--target", platform.target]);
    if let Some(linux) = platform.linux {
        // It brings the C libraries of all ages and processors, and finds itself beside the first Python.
        build.args(["--zig", "--compatibility", linux]).env("PATH", first_in_path(venv)?);
    }
    build.arg("--interpreter").arg(venv.path()).arg("--out").arg(out).current_dir(shell.root.join(FOLDER));
    if platform.linux.is_some() {
        // zig takes "no debug information" for "no symbols", and the generator reads those.
        build.args(["--", "-C", "strip=none"]);
    }
    shell.run(dist::settle(shell, &mut build)?)?;
    only(out, ".whl")
}

fn first_in_path(venv: &Venv) -> Result<std::ffi::OsString, Box<dyn Error>> {
    let programs = venv.path().parent().ok_or("an interpreter is in a folder")?.to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths([programs].into_iter().chain(std::env::split_paths(&path)))?)
}

/// The wheel as files: the one folder in an emptied one.
fn opened(shell: &Shell, venv: &Venv, wheel: &Path, place: &Path) -> Result<PathBuf, Box<dyn Error>> {
    emptied(place)?;
    shell.run(venv.module(shell, "wheel").arg("unpack").arg(wheel).arg("--dest").arg(place))?;
    only(place, "")
}

/// The same permissions for everybody's umask: they stand in the wheel.
fn plain_modes(folder: &Path) -> Done {
    for path in found(folder, "")? {
        if path.is_dir() {
            plain_modes(&path)?;
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

/// The second opinion: that of the tool which the index of packages goes by.
fn audited(shell: &Shell, venv: &Venv, platform: &Platform, wheel: &Path) -> Done {
    let mut audit: Command = venv.module(shell, "auditwheel");
    let said = shell.output(audit.arg("show").arg(wheel))?;
    match platform.linux {
        Some(promised) if !runs_on(&said, promised) => {
            Err(format!("auditwheel does not find that it runs on {promised}:\n{said}").into())
        }
        _ => Ok(()),
    }
}

/// Whether auditwheel's words name the promised system, or an older one of its kind.
fn runs_on(said: &str, promised: &str) -> bool {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let found = said.split_once("consistent with the following platform tag: \"").map(|(_, rest)| rest);
    match (found.and_then(age), age(promised)) {
        (Some((kind, found)), Some((same, promised))) => kind == same && found <= promised,
        _ => false,
    }
}

/// The kind and the age of a system, from how its tag begins.
fn age(tag: &str) -> Option<(&str, [u32; 2])> {
    let mut parts = tag.split(['_', '"']);
    let kind = parts.next()?;
    Some((kind, [parts.next()?.parse().ok()?, parts.next()?.parse().ok()?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_auditwheel_finds_is_held_against_what_is_promised() {
        for (found, promised, fine) in [
            ("manylinux_2_17_x86_64", "manylinux_2_17", true),
            ("manylinux_2_5_x86_64", "manylinux_2_17", true),
            ("manylinux_2_34_x86_64", "manylinux_2_17", false),
            ("linux_x86_64", "manylinux_2_17", false),
            ("musllinux_1_2_aarch64", "musllinux_1_2", true),
            ("manylinux_2_17_x86_64", "musllinux_1_2", false),
        ] {
            let said =
                format!("\nthe.whl is consistent\nwith the following platform tag: \"{found}\".\n\nMore.");
            assert_eq!(runs_on(&said, promised), fine, "{found}, {promised}");
        }
    }

    #[test]
    fn each_wheel_is_for_one_platform() {
        for (tags, target) in [
            ("manylinux_2_17_x86_64.manylinux2014_x86_64", "x86_64-unknown-linux-gnu"),
            ("manylinux_2_17_aarch64.manylinux2014_aarch64", "aarch64-unknown-linux-gnu"),
            ("musllinux_1_2_x86_64", "x86_64-unknown-linux-musl"),
            ("musllinux_1_2_aarch64", "aarch64-unknown-linux-musl"),
            ("macosx_10_12_x86_64", "x86_64-apple-darwin"),
            ("macosx_11_0_arm64", "aarch64-apple-darwin"),
            ("win_amd64", "x86_64-pc-windows-msvc"),
        ] {
            let name = format!("scalekit_rs-0.1.0-py3-none-{tags}.whl");
            let all = dist::PLATFORMS.iter().filter(|platform| is_for(&name, platform));
            assert_eq!(all.map(|platform| platform.target).collect::<Vec<_>>(), [target], "{name}");
        }
    }
}
