//! Kotlin: builds the jar and runs its tests, gates and examples.

mod bench;
pub mod emulator_jar;
mod jdks;
pub mod maven;
mod programs;
pub mod project;
pub mod published;
mod publishing;
mod repeats;
mod runtimes;
mod surface;

use std::path::PathBuf;

use crate::build;
use crate::emulator::{self, Emulator};
use crate::files;
use crate::python::wheels;
use crate::shell::{Result, Shell};
pub use bench::Bench;
use project::{ALL, CONSUMER, PROJECT, class_path, jar_path};

/// The handwritten sources of the library.
const HANDWRITTEN: &str = "bindings/kotlin/src/main/kotlin/rs/scalekit";

/// The versions of the packages that belong together.
const BOM: &str = "bindings/kotlin/bom";

/// Examples with their own builds and tests.
const LOGINS: [&str; 3] =
    ["examples/kotlin/ktor_login", "examples/java/spring_login", "examples/java/spring_login/boot3"];

/// Tests the classes and the example application, then the jar as a user's program loads it, and runs the quickstart.
pub fn test(shell: &Shell) -> Result {
    prepare(shell)?;
    let program = emulator::program(shell)?;
    emulator_jar::prepare(shell, &program)?;
    let property = format!("-Dscalekit.tests.emulator={}", program.display());
    let mut build = maven::command(shell, ALL);
    build.arg("package").arg(&property).args(maven::foreign());
    // Virtual threads need a newer Java than the library.
    if let Some(jdk) = jdks::newest(&jdks::installed(), jdks::running(shell)?) {
        build.arg(format!("-Dscalekit.tests.java={}", jdk.java.display()));
    }
    shell.run(&mut build)?;
    repeats::run(shell, &property)?;
    let emulator = Emulator::start(shell)?;
    programs::test(shell, &emulator)?;
    let jar = jar_path(shell)?;
    let classes = shell.root.join(PROJECT).join("target/test-classes");
    let mut example = shell.command("java");
    example.arg("-cp").arg(class_path(shell, &[&jar, &classes])?).arg("QuickstartKt");
    shell.run(emulator.configure(&mut example))
}

/// Compiles the library, the generated sources, the tests and the examples, with warnings as errors.
pub fn check(shell: &Shell) -> Result {
    prepare(shell)?;
    shell.run(maven::command(shell, ALL).args(["-q", "test-compile"]).args(maven::foreign()))
}

/// The listing of the public API, of the generated sources and the handwritten ones.
pub fn listing(shell: &Shell) -> Result<String> {
    let out = shell.root.join("target/listing/kotlin");
    files::remove(&out)?;
    build::bind(shell, "kotlin", &out)?;
    let mut sources = Vec::new();
    for folder in [out.join("rs/scalekit"), shell.root.join(HANDWRITTEN)] {
        let mut paths = files::ending_in(&folder, ".kt")?;
        paths.sort();
        for path in paths {
            sources.push(std::fs::read_to_string(path)?);
        }
    }
    Ok(surface::listing_of_all(&sources))
}

/// Builds the jar, including the native library, and returns its path.
pub fn jar(shell: &Shell) -> Result<PathBuf> {
    prepare(shell)?;
    shell.run(
        maven::command(shell, PROJECT)
            .args(["-q", "package", "-Dmaven.test.skip=true"])
            .args(maven::foreign()),
    )?;
    jar_path(shell)
}

/// Builds all packages as a Maven repository, for this platform, and returns the path of the jar.
pub fn packages(shell: &Shell) -> Result<PathBuf> {
    build_packages(shell)?;
    jar_path(shell)
}

/// Builds all packages for this platform, and returns their files in the Maven repository.
fn build_packages(shell: &Shell) -> Result<Vec<PathBuf>> {
    prepare(shell)?;
    emulator_jar::prepare(shell, &emulator::program(shell)?)?;
    publishing::build(shell, &publishing::ALL_PACKAGES)
}

/// `cargo xtask jar`: builds the jar to publish, with the native libraries of these wheels, which have been checked.
pub fn publish(shell: &Shell, wheels: &[&str]) -> Result {
    // Any profile generates the same sources, and the library of this build does not ship.
    let shell = &Shell { root: shell.root.clone(), ci: false };
    prepare(shell)?;
    let native = shell.root.join(PROJECT).join("target/native");
    files::remove(&native)?;
    for wheel in wheels {
        let (platform, library) = wheels::library(shell, &shell.root.join(wheel))?;
        let Some(folder) = platform.jna else {
            eprintln!("{wheel}: skipped, JNA does not support {}", platform.target);
            continue;
        };
        std::fs::create_dir_all(native.join(folder))?;
        std::fs::copy(library, native.join(folder).join(platform.library_name()))?;
    }
    if !native.exists() {
        return Err("the jar would contain no library: pass the wheels".into());
    }
    publishing::copy(shell, &publishing::build_release(shell, &[publishing::LIBRARY, publishing::BOM])?)?;
    programs::run_smoke_test(shell, &Emulator::start(shell)?)
}

/// Builds the JVM programs of the benchmark.
pub fn bench(shell: &Shell) -> Result<Bench> {
    prepare(shell)?;
    Bench::build(shell)
}

/// Creates what Maven does not build: the generated sources and the native library, in the folder from which JNA loads it.
fn prepare(shell: &Shell) -> Result {
    shell.require("mvn", "Maven and a JDK, 17 or newer")?;
    shell.require("javac", "a JDK, 17 or newer")?;
    check_version(shell)?;
    // Classes of deleted sources must not get into the jar or the tests.
    for project in [PROJECT, CONSUMER, bench::CONTESTANTS].into_iter().chain(LOGINS) {
        for stale in ["target/classes", "target/test-classes"] {
            files::remove(&shell.root.join(project).join(stale))?;
        }
    }
    let target = shell.root.join(PROJECT).join("target");
    files::remove(&target.join("generated"))?;
    build::bind(shell, "kotlin", &target.join("generated"))?;
    let library = build::library(shell)?;
    build::copy_stripped(
        shell,
        &library,
        &target.join("native").join(jna_platform()?).join(build::library_name()),
    )
}

/// Fails unless the versions in the POMs, which Maven cannot read from Cargo.toml, are that of the workspace.
fn check_version(shell: &Shell) -> Result {
    let version = concat!("  <version>", env!("CARGO_PKG_VERSION"), "</version>\n");
    for pom in [PROJECT, BOM, emulator_jar::PROJECT] {
        let pom = shell.root.join(pom).join("pom.xml");
        if !std::fs::read_to_string(&pom)?.contains(version) {
            return Err(format!("{} must contain{version}", pom.display()).into());
        }
    }
    Ok(())
}

/// JNA's name of this platform.
fn jna_platform() -> Result<String> {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "x86-64",
        other => other,
    };
    match std::env::consts::OS {
        "linux" => Ok(format!("linux-{arch}")),
        "macos" => Ok(format!("darwin-{arch}")),
        "windows" => Ok(format!("win32-{arch}")),
        other => Err(format!("the JNA platform of {other} is unknown").into()),
    }
}
