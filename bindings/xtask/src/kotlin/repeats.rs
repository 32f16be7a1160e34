//! Repeats the tests of the classes with other versions of Java than that of Maven.

use super::jdks::{self, Jdk};
use super::project::PROJECT;
use super::{maven, runtimes};
use crate::shell::{Result, Shell};

/// The tests that do not run with Java 11: Spring and Jackson 3 need Java 17, and the runtime has no HTTP server.
const NEWER_THAN_11: &str = "-Dtest=*Test,!SpringHandlersTest,!JsonLibrariesTest,!JsonNumbersTest";

/// Tests the classes with the newest JDK of this machine, if it is newer than that of Maven, and with versions from PyPI.
/// `emulator` is the property of the tests with the path of the program.
pub fn run(shell: &Shell, emulator: &str) -> Result {
    match jdks::newest(&jdks::installed(), jdks::running(shell)?) {
        Some(jdk) => on_newest(shell, emulator, &jdk)?,
        None => eprintln!("\nno newer JDK was found to repeat the tests with"),
    }
    if let Some([oldest, virtual_threads]) = runtimes::available(shell)? {
        repeat(shell, emulator, &oldest, "jna", &[NEWER_THAN_11])?;
        repeat(shell, emulator, &virtual_threads, "jna", &[])?;
    }
    Ok(())
}

/// Tests the classes with each backend that the JDK has.
fn on_newest(shell: &Shell, emulator: &str, jdk: &Jdk) -> Result {
    let backends: &[&str] = if maven::foreign().is_some() { &["ffm", "jna"] } else { &["jna"] };
    // The classes of a folder are not those of a multi-release jar.
    let versioned = shell.root.join(PROJECT).join("target/classes/META-INF/versions/22");
    let versioned = format!("-Dmaven.test.additionalClasspath={}", versioned.display());
    backends.iter().try_for_each(|backend| repeat(shell, emulator, jdk, backend, &[&versioned]))
}

fn repeat(shell: &Shell, emulator: &str, jdk: &Jdk, backend: &str, options: &[&str]) -> Result {
    eprintln!("\nrepeating the tests with Java {} and {backend}: {}", jdk.version, jdk.java.display());
    let mut again = maven::command(shell, PROJECT);
    again.args(["surefire:test", emulator]).arg(format!("-Djvm={}", jdk.java.display())).args(options);
    let native = if jdk.version >= jdks::RESTRICTED { jdks::ENABLE } else { "" };
    shell.run(again.arg(format!("-DargLine={native} -Dscalekit.backend={backend}")))
}
