//! Programs that use the packaged jar as those of users do, each in a process of its own.
//!
//! Standard error stays empty: it belongs to the program.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::jdks::{self, Jdk};
use super::project::{CONSUMER, PROJECT, class_path, jar_path};
use super::runtimes;

use crate::emulator::Emulator;
use crate::files;
use crate::shell::{Result, Shell};

/// The folder of the programs that are not built by Maven.
const SOURCES: &str = "bindings/kotlin/src/smoke";

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The first Java that has a `switch` over sealed classes.
const SEALED_SWITCH: u32 = 21;

/// Runs all programs.
pub fn test(shell: &Shell, emulator: &Emulator) -> Result {
    run_smoke_test(shell, emulator)?;
    run_module(shell, emulator)?;
    run_image(shell, emulator)?;
    run_consumer(shell, emulator)?;
    run_gradle(shell, emulator)?;
    run_oldest(shell, emulator)?;
    let installed = jdks::installed();
    match jdks::newest(&installed, SEALED_SWITCH - 1) {
        Some(jdk) => run_java(shell, emulator, &jdk)?,
        None => eprintln!("\nno JDK was found to compile the program for Java {SEALED_SWITCH}"),
    }
    match jdks::newest(&installed, jdks::RESTRICTED - 1) {
        Some(jdk) => test_native_access(shell, emulator, &jdk),
        None => {
            eprintln!("\nno JDK was found to test restrictions of native code");
            Ok(())
        }
    }
}

/// Runs the same program with the oldest Java, which has no compiler.
fn run_oldest(shell: &Shell, emulator: &Emulator) -> Result {
    let Some([oldest, _]) = runtimes::available(shell)? else { return Ok(()) };
    let out = shell.root.join(PROJECT).join("target/oldest");
    files::recreate(&out)?;
    let mut compile = shell.command("javac");
    compile.args(["-Xlint:all", "-Werror", "--release", &oldest.version.to_string(), "-d"]).arg(&out);
    compile.arg("-cp").arg(class_path(shell, &[&jar_path(shell)?])?);
    shell.run(compile.arg(shell.root.join(SOURCES).join("Smoke.java")))?;
    let mut java = shell.command(&oldest.java);
    java.arg("-cp").arg(class_path(shell, &[&out, &jar_path(shell)?])?).arg("Smoke");
    run(shell, emulator, &mut java)
}

/// Runs a Java program with only the jar and its dependencies, in an empty folder.
pub fn run_smoke_test(shell: &Shell, emulator: &Emulator) -> Result {
    run(shell, emulator, &mut smoke(shell, Path::new("java"), &[])?)
}

fn smoke(shell: &Shell, java: &Path, options: &[&str]) -> Result<Command> {
    let folder = shell.root.join(PROJECT).join("target/clean");
    files::recreate(&folder)?;
    let mut smoke = shell.command(java);
    smoke.current_dir(&folder).args(options).arg("-cp").arg(class_path(shell, &[&jar_path(shell)?])?);
    smoke.arg(shell.root.join(SOURCES).join("Smoke.java"));
    Ok(smoke)
}

/// Compiles and runs a program on the module path.
fn run_module(shell: &Shell, emulator: &Emulator) -> Result {
    let path = class_path(shell, &[&jar_path(shell)?])?;
    let path = module_path(&path)?;
    let out = module_folder(shell);
    files::recreate(&out)?;
    let sources = shell.root.join(SOURCES).join("module");
    let mut compile = shell.command("javac");
    compile
        .args(["-Xlint:all", "-Werror", "--release", "11", "-d"])
        .arg(&out)
        .arg("--module-path")
        .arg(&path);
    compile.args([sources.join("module-info.java"), sources.join("smoke/ModuleSmoke.java")]);
    shell.run(&mut compile)?;
    run(shell, emulator, &mut module(shell, Path::new("java"), &[])?)
}

/// The program on the module path.
fn module(shell: &Shell, java: &Path, options: &[&str]) -> Result<Command> {
    let path = class_path(shell, &[&module_folder(shell), &jar_path(shell)?])?;
    let mut module = shell.command(java);
    module.args(options).arg("--module-path").arg(module_path(&path)?);
    module.args(["--module", "smoke/smoke.ModuleSmoke"]);
    Ok(module)
}

/// The folder of the program on the module path.
fn module_folder(shell: &Shell) -> PathBuf {
    shell.root.join(PROJECT).join("target/module")
}

/// A module path has folders where a class path has `folder/*`.
fn module_path(class_path: &OsStr) -> Result<OsString> {
    let entries = std::env::split_paths(class_path).map(|entry| match entry.parent() {
        Some(folder) if entry.ends_with("*") => folder.to_owned(),
        _ => entry,
    });
    Ok(std::env::join_paths(entries)?)
}

/// Links an image of Java with the program on the module path, and runs it.
fn run_image(shell: &Shell, emulator: &Emulator) -> Result {
    let image = shell.root.join(PROJECT).join("target/image");
    files::remove(&image)?;
    // All modules must be declared, so that `jna-jpms` is in place of `jna`.
    let path = [module_folder(shell), jar_path(shell)?, shell.root.join(CONSUMER).join("target/modules")];
    let mut link = shell.command("jlink");
    link.args(["--add-modules", "smoke", "--no-header-files", "--no-man-pages"]);
    link.arg("--module-path").arg(std::env::join_paths(path)?).arg("--output").arg(&image);
    shell.run(&mut link)?;
    let mut java = shell.command(image.join("bin/java"));
    java.args(["--module", "smoke/smoke.ModuleSmoke"]);
    run(shell, emulator, &mut java)?;
    files::remove(&image)
}

/// Runs the program that was compiled with the oldest Kotlin, with the oldest libraries.
fn run_consumer(shell: &Shell, emulator: &Emulator) -> Result {
    let target = shell.root.join(CONSUMER).join("target");
    let path = [jar_path(shell)?, target.join("classes"), target.join("oldest/*")];
    let mut java = shell.command("java");
    java.arg("-cp").arg(std::env::join_paths(path)?).arg("ConsumerKt");
    run(shell, emulator, &mut java)
}

/// Builds a program with Gradle, which reads the POM in its own way, and runs it.
fn run_gradle(shell: &Shell, emulator: &Emulator) -> Result {
    if let Err(missing) = shell.require("gradle", "for a program that is built with it") {
        eprintln!("\n{missing}: skipped");
        return Ok(());
    }
    let (project, target) = (shell.root.join(PROJECT), shell.root.join(PROJECT).join("target/gradle"));
    let repository = target.join("repository");
    let folder = repository.join("rs/scalekit/scalekit").join(VERSION);
    files::recreate(&folder)?;
    std::fs::copy(jar_path(shell)?, folder.join(format!("scalekit-{VERSION}.jar")))?;
    std::fs::copy(project.join("pom.xml"), folder.join(format!("scalekit-{VERSION}.pom")))?;
    let mut gradle = shell.command("gradle");
    gradle.current_dir(project.join("gradle")).args(["--no-daemon", "-q", "classPath"]);
    gradle.arg(format!("-Prepository={}", repository.display()));
    gradle.arg("--gradle-user-home").arg(target.join("home"));
    let printed = shell.output(&mut gradle)?;
    let path = printed.lines().next_back().ok_or("Gradle has printed no class path")?;
    run(shell, emulator, shell.command("java").args(["-cp", path, "Smoke"]))
}

/// Compiles a program in Java, with all warnings as errors, and runs it, also with the first Java that can.
fn run_java(shell: &Shell, emulator: &Emulator, jdk: &Jdk) -> Result {
    let out = shell.root.join(PROJECT).join("target/java");
    files::recreate(&out)?;
    let path = class_path(shell, &[&jar_path(shell)?])?;
    let mut compile = shell.command(jdk.tool("javac"));
    compile.args(["-Xlint:all", "-Werror", "--release", &SEALED_SWITCH.to_string(), "-d"]).arg(&out);
    compile.arg("-cp").arg(path).args(files::ending_in(&shell.root.join(SOURCES).join("java"), ".java")?);
    shell.run(&mut compile)?;
    run_consumer_of(shell, emulator, jdk)?;
    match runtimes::available(shell)? {
        Some([_, first]) => run_consumer_of(shell, emulator, &first),
        None => Ok(()),
    }
}

/// Runs the compiled program in Java.
fn run_consumer_of(shell: &Shell, emulator: &Emulator, jdk: &Jdk) -> Result {
    let out = shell.root.join(PROJECT).join("target/java");
    let mut java = shell.command(&jdk.java);
    if jdk.version >= jdks::RESTRICTED {
        java.arg(jdks::ENABLE);
    }
    java.arg("-cp").arg(class_path(shell, &[&out, &jar_path(shell)?])?).arg("JavaConsumer");
    run(shell, emulator, &mut java)
}

/// With `--illegal-native-access=deny`, the library works if the option allows it, and else its error names the option.
fn test_native_access(shell: &Shell, emulator: &Emulator, jdk: &Jdk) -> Result {
    const DENY: &str = "--illegal-native-access=deny";
    for backend in ["-Dscalekit.backend=ffm", "-Dscalekit.backend=jna"] {
        run(shell, emulator, &mut smoke(shell, &jdk.java, &[DENY, jdks::ENABLE, backend])?)?;
    }
    let modules = "--enable-native-access=com.sun.jna,rs.scalekit";
    run(shell, emulator, &mut module(shell, &jdk.java, &[DENY, modules])?)?;
    let mut denied = smoke(shell, &jdk.java, &[DENY])?;
    let output = emulator.configure(&mut denied).output()?;
    let printed = String::from_utf8_lossy(&output.stderr);
    if output.status.success() || !printed.contains("`--enable-native-access=ALL-UNNAMED`") {
        return Err(format!("the error does not name the option that allows native code:\n{printed}").into());
    }
    Ok(())
}

/// Runs a program on the emulator, and fails if it prints anything to standard error.
fn run(shell: &Shell, emulator: &Emulator, program: &mut Command) -> Result {
    let errors = shell.root.join(PROJECT).join("target/standard-error");
    emulator.configure(program).stderr(std::fs::File::create(&errors)?);
    let outcome = shell.run(program);
    let printed = std::fs::read_to_string(&errors)?;
    eprint!("{printed}");
    outcome?;
    if printed.is_empty() { Ok(()) } else { Err("the program printed to standard error".into()) }
}
