//! Compiles the sources of the example app, and tests them on the JVM with the emulator.
//!
//! `androidx` is only in Google's repository. Compose is replaced by that for the JVM, and the rest by stand-ins.

use crate::build;
use crate::emulator;
use crate::files;
use crate::kotlin::{self, maven};
use crate::shell::{Result, Shell};

use super::framework::PROJECT;
use super::{aar, framework};

/// The example.
pub const EXAMPLE: &str = "examples/android";

/// The packages for which there are stand-ins.
const STAND_INS: [&str; 3] = ["androidx.activity", "androidx.browser", "androidx.lifecycle"];

/// Fails unless the sources of the example compile, with all warnings as errors, and pass their tests.
pub fn check(shell: &Shell) -> Result {
    let framework = framework::jar(shell)?;
    check_build(&std::fs::read_to_string(shell.root.join(EXAMPLE).join("build.gradle.kts"))?)?;
    // The classes are those of the AAR, and its library is that of this machine.
    let shell = &Shell { root: shell.root.clone(), ci: false };
    let jar = kotlin::jar(shell)?;
    let folder = shell.root.join("target/android/app");
    std::fs::create_dir_all(&folder)?;
    let classes = folder.join("classes.jar");
    aar::classes(shell, &jar, &classes)?;
    for stale in ["target/classes", "target/test-classes"] {
        files::remove(&shell.root.join(PROJECT).join(stale))?;
    }
    let mut tests = maven::command(shell, PROJECT);
    tests.arg("test").arg(format!("-Dclasses={}", classes.display())).arg(format!("-Dskia={}", skia()));
    tests.arg(format!("-Dscalekit.tests.emulator={}", emulator::program(shell)?.display()));
    tests.arg(format!("-Djna.library.path={}", build::target(shell).join("debug").display()));
    shell.run(tests.arg("-Djava.awt.headless=true"))?;
    report(shell, &framework.file_name().unwrap_or_default().to_string_lossy())
}

/// Skia's name of this platform.
fn skia() -> String {
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    format!("{}-{arch}", std::env::consts::OS)
}

/// Fails unless the build depends on this version of the AAR, and requires the API level that it does.
fn check_build(build: &str) -> Result {
    let dependency = concat!("\"rs.scalekit:scalekit-android:", env!("CARGO_PKG_VERSION"), "\"");
    for expected in [dependency, &format!("minSdk = {}\n", aar::MIN_SDK)] {
        if !build.contains(expected) {
            return Err(format!("{EXAMPLE}/build.gradle.kts must contain {expected}").into());
        }
    }
    Ok(())
}

/// Prints how each file of the example was checked.
fn report(shell: &Shell, framework: &str) -> Result {
    let list = shell.output(shell.command("git").args(["ls-files", EXAMPLE]))?;
    println!("\nHow the files of {EXAMPLE} were checked, with {framework}:");
    for path in list.lines() {
        println!("  {}: {}", path.trim_start_matches(EXAMPLE).trim_start_matches('/'), how(shell, path)?);
    }
    Ok(())
}

fn how(shell: &Shell, path: &str) -> Result<String> {
    if path.ends_with(".kt") {
        return Ok(compiled_with(&std::fs::read_to_string(shell.root.join(path))?));
    }
    Ok(match path {
        _ if path.ends_with(".xml") => "linked by the check `resources`",
        _ if path.ends_with("/build.gradle.kts") => {
            "not run, because Android's plugin for Gradle is only in Google's repository; the versions were compared"
        }
        _ if path.ends_with(".gradle.kts") || path.ends_with(".properties") => "not run, as build.gradle.kts",
        _ => "not part of the app",
    }
    .to_owned())
}

/// How a Kotlin source was compiled.
fn compiled_with(source: &str) -> String {
    let replaced = STAND_INS.into_iter().filter(|package| source.contains(&format!("import {package}.")));
    let replaced: Vec<_> = replaced.collect();
    let compose = if source.contains("import androidx.compose.") { ", with Compose for the JVM" } else { "" };
    let stand_ins = match replaced.is_empty() {
        true => String::new(),
        false => format!(", with stand-ins for {}", replaced.join(", ")),
    };
    format!("compiled{compose}{stand_ins}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_depends_on_this_version_and_api_level() {
        let dependency =
            concat!("implementation(\"rs.scalekit:scalekit-android:", env!("CARGO_PKG_VERSION"), "\")\n");
        assert!(check_build(&format!("minSdk = 28\n{dependency}")).is_ok());
        for other in [format!("minSdk = 26\n{dependency}"), "minSdk = 28\n".to_owned()] {
            assert!(check_build(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn report_names_what_was_replaced() {
        assert_eq!(compiled_with("import java.io.File\n"), "compiled");
        let both = "import androidx.activity.viewModels\nimport androidx.compose.ui.Modifier\n";
        assert_eq!(
            compiled_with(both),
            "compiled, with Compose for the JVM, with stand-ins for androidx.activity"
        );
    }
}
