//! Kotlin: the jar, its tests, the examples.

mod surface;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build;
use crate::emulator::{self, Emulator};
use crate::python;
use crate::shell::{Done, Shell};

const PROJECT: &str = "bindings/kotlin";

/// The example that has a build of its own, and tests.
const LOGIN: &str = "examples/kotlin/ktor_login";

/// The contestants of the bench, with the library.
const BENCH: &str = "tests/bench/kotlin";
const CONTESTANTS: &str = "tests/bench/kotlin/contestants";

/// Library and examples at one go.
const ALL: &str = "examples/kotlin";

/// Tests the classes and the application on them, then the jar as somebody's program has it, and runs the quickstart.
pub fn test(shell: &Shell) -> Done {
    prepare(shell)?;
    let emulator = emulator::program(shell)?;
    shell.run(maven(shell, ALL).arg("package").arg(format!("-Dscalekit.emulator={}", emulator.display())))?;
    let emulator = Emulator::start(shell)?;
    in_a_clean_directory(shell, &emulator)?;
    let jar = built(shell)?;
    let classes = shell.root.join(PROJECT).join("target/test-classes");
    let mut example = shell.command("java");
    example.arg("-cp").arg(class_path(shell, &[&jar, &classes])?).arg("QuickstartKt");
    shell.run(emulator.tell(&mut example))
}

/// Compiles with every warning an error: the library, what is generated, the tests, the examples.
pub fn check(shell: &Shell) -> Done {
    prepare(shell)?;
    shell.run(maven(shell, ALL).args(["-q", "test-compile"]))
}

/// What the generated sources offer, in the words of a user.
pub fn listing(shell: &Shell) -> Result<String, Box<dyn Error>> {
    let out = shell.root.join("target/listing/kotlin");
    build::bind(shell, "kotlin", &out)?;
    Ok(surface::of(&std::fs::read_to_string(out.join("rs/scalekit/scalekit.kt"))?))
}

/// Builds the jar, the native library in it, and gives its path.
pub fn jar(shell: &Shell) -> Result<PathBuf, Box<dyn Error>> {
    prepare(shell)?;
    shell.run(maven(shell, PROJECT).args(["-q", "package", "-Dmaven.test.skip=true"]))?;
    built(shell)
}

/// `cargo xtask jar`: the jar for everybody, with the libraries that are in these wheels: what was checked there ships here.
pub fn publish(shell: &Shell, wheels: &[&str]) -> Done {
    // Every build gives the same sources, and the library of this one stays here.
    let shell = &Shell { root: shell.root.clone(), ci: false };
    prepare(shell)?;
    let native = shell.root.join(PROJECT).join("target/native");
    std::fs::remove_dir_all(&native)?;
    for wheel in wheels {
        let (platform, library) = python::wheels::library(shell, &shell.root.join(wheel))?;
        let Some(folder) = platform.jna else {
            eprintln!("{wheel}: JNA has no libraries for {}", platform.target);
            continue;
        };
        std::fs::create_dir_all(native.join(folder))?;
        std::fs::copy(library, native.join(folder).join(platform.library()))?;
    }
    if !native.exists() {
        return Err("a jar without any library is of no use: name the wheels".into());
    }
    shell.run(maven(shell, PROJECT).args(["-q", "package", "-Dmaven.test.skip=true"]))?;
    let jar = built(shell)?;
    let out = shell.root.join("target/package/jar");
    std::fs::create_dir_all(&out)?;
    let name = jar.file_name().ok_or("the jar has no name")?;
    std::fs::copy(&jar, out.join(name))?;
    in_a_clean_directory(shell, &Emulator::start(shell)?)?;
    println!("target/package/jar/{}", name.to_string_lossy());
    Ok(())
}

/// Builds the contestants of the bench with the library, and gives the path of the classes.
pub fn bench_class_path(shell: &Shell) -> Result<std::ffi::OsString, Box<dyn Error>> {
    prepare(shell)?;
    shell.run(maven(shell, BENCH).args(["-q", "package", "-Dmaven.test.skip=true"]))?;
    let target = shell.root.join(CONTESTANTS).join("target");
    Ok(std::env::join_paths([target.join("classes"), target.join("dependencies/*")])?)
}

/// Puts in place what Maven does not make: the generated sources and the native library, where JNA looks for it.
fn prepare(shell: &Shell) -> Done {
    shell.need("mvn", "Maven and a JDK, 17 or newer")?;
    shell.need("javac", "a JDK, 17 or newer")?;
    same_version(shell)?;
    // What an earlier source left behind must not get into the jar, nor be tested.
    for project in [PROJECT, LOGIN, CONTESTANTS] {
        for stale in ["target/classes", "target/test-classes"] {
            let stale = shell.root.join(project).join(stale);
            if stale.exists() {
                std::fs::remove_dir_all(stale)?;
            }
        }
    }
    let target = shell.root.join(PROJECT).join("target");
    build::bind(shell, "kotlin", &target.join("generated"))?;
    let library = build::library(shell)?;
    build::stripped(shell, &library, &target.join("native").join(jna_platform()?).join(build::library_name()))
}

/// The jar has the version of the workspace; Maven cannot read it from there.
fn same_version(shell: &Shell) -> Done {
    let pom = std::fs::read_to_string(shell.root.join(PROJECT).join("pom.xml"))?;
    let version = concat!("  <version>", env!("CARGO_PKG_VERSION"), "</version>\n");
    if pom.contains(version) {
        Ok(())
    } else {
        Err(format!("pom.xml has another version than{version}").into())
    }
}

/// JNA's name for this machine.
fn jna_platform() -> Result<String, Box<dyn Error>> {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "x86-64",
        other => other,
    };
    match std::env::consts::OS {
        "linux" => Ok(format!("linux-{arch}")),
        "macos" => Ok(format!("darwin-{arch}")),
        "windows" => Ok(format!("win32-{arch}")),
        other => Err(format!("JNA's name for {other} is not known here").into()),
    }
}

fn maven(shell: &Shell, project: &str) -> Command {
    let mut maven = shell.command("mvn");
    maven.current_dir(shell.root.join(project)).args(["-B", "-ntp"]);
    maven
}

fn built(shell: &Shell) -> Result<PathBuf, Box<dyn Error>> {
    let jar = concat!("target/scalekit-", env!("CARGO_PKG_VERSION"), ".jar");
    let jar = shell.root.join(PROJECT).join(jar);
    if jar.exists() { Ok(jar) } else { Err(format!("Maven made no {}", jar.display()).into()) }
}

/// `first`, and the jars that ours depends on.
fn class_path(shell: &Shell, first: &[&Path]) -> Result<std::ffi::OsString, Box<dyn Error>> {
    let dependencies = shell.root.join(PROJECT).join("target/dependencies/*");
    let all = first.iter().map(|path| path.to_path_buf()).chain([dependencies]);
    Ok(std::env::join_paths(all)?)
}

/// A Java program that has nothing but the jar and what it depends on, in a directory with nothing in it.
fn in_a_clean_directory(shell: &Shell, emulator: &Emulator) -> Done {
    let clean = shell.root.join(PROJECT).join("target/clean");
    if clean.exists() {
        std::fs::remove_dir_all(&clean)?;
    }
    std::fs::create_dir_all(&clean)?;
    let mut smoke = shell.command("java");
    smoke.current_dir(&clean).arg("-cp").arg(class_path(shell, &[&built(shell)?])?);
    smoke.arg(shell.root.join(PROJECT).join("src/smoke/Smoke.java"));
    shell.run(emulator.tell(&mut smoke))
}
