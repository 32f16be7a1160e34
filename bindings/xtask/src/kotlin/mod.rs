//! Kotlin: builds the jar and runs its tests, gates and examples.

pub mod emulator_jar;
mod jdks;
mod maven;
mod surface;

use std::path::{Path, PathBuf};

use crate::build;
use crate::emulator::{self, Emulator};
use crate::files;
use crate::python::wheels;
use crate::shell::{Result, Shell};

const PROJECT: &str = "bindings/kotlin";

/// The handwritten sources of the library.
const HANDWRITTEN: &str = "bindings/kotlin/src/main/kotlin/rs/scalekit";

/// An example with its own build and tests.
const LOGIN: &str = "examples/kotlin/ktor_login";

/// The Maven build of the benchmark with the library, and the programs that it compares.
const BENCH: &str = "tests/bench/kotlin";
const CONTESTANTS: &str = "tests/bench/kotlin/contestants";

/// A program that is compiled with the oldest supported Kotlin.
const CONSUMER: &str = "bindings/kotlin/consumer";

/// The Maven build of the library, its consumer and all examples.
const ALL: &str = "examples/kotlin";

/// Tests the classes and the example application, then the jar as a user's program loads it, and runs the quickstart.
pub fn test(shell: &Shell) -> Result {
    prepare(shell)?;
    let program = emulator::program(shell)?;
    let property = format!("-Dscalekit.emulator={}", program.display());
    shell.run(maven::command(shell, ALL).arg("package").arg(&property))?;
    test_on_newest(shell, &property)?;
    emulator_jar::test(shell, &program)?;
    let emulator = Emulator::start(shell)?;
    run_smoke_test(shell, &emulator)?;
    run_module(shell, &emulator)?;
    run_consumer(shell, &emulator)?;
    let jar = jar_path(shell)?;
    let classes = shell.root.join(PROJECT).join("target/test-classes");
    let mut example = shell.command("java");
    example.arg("-cp").arg(class_path(shell, &[&jar, &classes])?).arg("QuickstartKt");
    shell.run(emulator.configure(&mut example))
}

/// Tests the classes a second time, with the newest JDK of this machine, if it is newer than the one that Maven uses.
fn test_on_newest(shell: &Shell, emulator: &str) -> Result {
    let Some(jdk) = jdks::newest(&jdks::installed(), jdks::running(shell)?) else {
        eprintln!("\nno newer JDK was found to repeat the tests with");
        return Ok(());
    };
    eprintln!("\nrepeating the tests with Java {}: {}", jdk.version, jdk.java.display());
    let mut again = maven::command(shell, PROJECT);
    again.args(["surefire:test", emulator]).arg(format!("-Djvm={}", jdk.java.display()));
    if jdk.version >= jdks::RESTRICTED {
        again.arg(format!("-DargLine={}", jdks::ENABLE));
    }
    shell.run(&mut again)
}

/// Compiles the library, the generated sources, the tests and the examples, with warnings as errors.
pub fn check(shell: &Shell) -> Result {
    prepare(shell)?;
    shell.run(maven::command(shell, ALL).args(["-q", "test-compile"]))
}

/// The listing of the public API: generated sources first, then the handwritten ones.
pub fn listing(shell: &Shell) -> Result<String> {
    let out = shell.root.join("target/listing/kotlin");
    build::bind(shell, "kotlin", &out)?;
    let mut text = surface::listing(&std::fs::read_to_string(out.join("rs/scalekit/scalekit.kt"))?);
    let mut handwritten = files::ending_in(&shell.root.join(HANDWRITTEN), ".kt")?;
    handwritten.sort();
    for path in handwritten {
        text += &surface::listing(&std::fs::read_to_string(path)?);
    }
    Ok(text)
}

/// Builds the jar, including the native library, and returns its path.
pub fn jar(shell: &Shell) -> Result<PathBuf> {
    prepare(shell)?;
    shell.run(maven::command(shell, PROJECT).args(["-q", "package", "-Dmaven.test.skip=true"]))?;
    jar_path(shell)
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
    shell.run(maven::command(shell, PROJECT).args(["-q", "package", "-Dmaven.test.skip=true"]))?;
    let jar = jar_path(shell)?;
    let out = shell.root.join("target/package/jar");
    std::fs::create_dir_all(&out)?;
    let name = jar.file_name().ok_or("the jar has no name")?;
    std::fs::copy(&jar, out.join(name))?;
    run_smoke_test(shell, &Emulator::start(shell)?)?;
    println!("target/package/jar/{}", name.to_string_lossy());
    Ok(())
}

/// Builds the JVM programs of the benchmark with the library, and returns their class path.
pub fn bench_class_path(shell: &Shell) -> Result<std::ffi::OsString> {
    prepare(shell)?;
    shell.run(maven::command(shell, BENCH).args(["-q", "package", "-Dmaven.test.skip=true"]))?;
    let target = shell.root.join(CONTESTANTS).join("target");
    Ok(std::env::join_paths([target.join("classes"), target.join("dependencies/*")])?)
}

/// Creates what Maven does not build: the generated sources and the native library, in the folder from which JNA loads it.
fn prepare(shell: &Shell) -> Result {
    shell.require("mvn", "Maven and a JDK, 17 or newer")?;
    shell.require("javac", "a JDK, 17 or newer")?;
    check_version(shell)?;
    // Classes of deleted sources must not get into the jar or the tests.
    for project in [PROJECT, CONSUMER, LOGIN, CONTESTANTS] {
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

/// Fails unless the version in pom.xml, which Maven cannot read from Cargo.toml, is that of the workspace.
fn check_version(shell: &Shell) -> Result {
    let pom = std::fs::read_to_string(shell.root.join(PROJECT).join("pom.xml"))?;
    let version = concat!("  <version>", env!("CARGO_PKG_VERSION"), "</version>\n");
    if pom.contains(version) { Ok(()) } else { Err(format!("pom.xml must contain{version}").into()) }
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

fn jar_path(shell: &Shell) -> Result<PathBuf> {
    let jar = concat!("target/scalekit-", env!("CARGO_PKG_VERSION"), ".jar");
    let jar = shell.root.join(PROJECT).join(jar);
    if jar.exists() { Ok(jar) } else { Err(format!("Maven did not build {}", jar.display()).into()) }
}

/// A class path of `first` and the dependencies of the jar.
fn class_path(shell: &Shell, first: &[&Path]) -> Result<std::ffi::OsString> {
    let dependencies = shell.root.join(PROJECT).join("target/dependencies/*");
    let all = first.iter().map(|path| path.to_path_buf()).chain([dependencies]);
    Ok(std::env::join_paths(all)?)
}

/// Runs a Java program with only the jar and its dependencies, in an empty folder.
fn run_smoke_test(shell: &Shell, emulator: &Emulator) -> Result {
    let folder = shell.root.join(PROJECT).join("target/clean");
    files::recreate(&folder)?;
    let mut smoke = shell.command("java");
    smoke.current_dir(&folder).arg("-cp").arg(class_path(shell, &[&jar_path(shell)?])?);
    smoke.arg(shell.root.join(PROJECT).join("src/smoke/Smoke.java"));
    shell.run(emulator.configure(&mut smoke))
}

/// Compiles and runs a program on the module path.
fn run_module(shell: &Shell, emulator: &Emulator) -> Result {
    let path = class_path(shell, &[&jar_path(shell)?])?;
    let path = module_path(&path)?;
    let out = shell.root.join(PROJECT).join("target/module");
    files::recreate(&out)?;
    let sources = shell.root.join(PROJECT).join("src/smoke/module");
    let mut compile = shell.command("javac");
    compile
        .args(["-Xlint:all", "-Werror", "--release", "11", "-d"])
        .arg(&out)
        .arg("--module-path")
        .arg(&path);
    compile.args([sources.join("module-info.java"), sources.join("smoke/ModuleSmoke.java")]);
    shell.run(&mut compile)?;
    let mut run = shell.command("java");
    let program = std::iter::once(out).chain(std::env::split_paths(&path));
    run.arg("--module-path").arg(std::env::join_paths(program)?);
    run.args(["--module", "smoke/smoke.ModuleSmoke"]);
    shell.run(emulator.configure(&mut run))
}

/// A module path has folders where a class path has `folder/*`.
fn module_path(class_path: &std::ffi::OsStr) -> Result<std::ffi::OsString> {
    let entries = std::env::split_paths(class_path).map(|entry| match entry.parent() {
        Some(folder) if entry.ends_with("*") => folder.to_owned(),
        _ => entry,
    });
    Ok(std::env::join_paths(entries)?)
}

/// Runs the program that was compiled with the oldest Kotlin, with the oldest libraries.
fn run_consumer(shell: &Shell, emulator: &Emulator) -> Result {
    let target = shell.root.join(CONSUMER).join("target");
    let path = [jar_path(shell)?, target.join("classes"), target.join("oldest/*")];
    let mut run = shell.command("java");
    run.arg("-cp").arg(std::env::join_paths(path)?).arg("ConsumerKt");
    shell.run(emulator.configure(&mut run))
}
