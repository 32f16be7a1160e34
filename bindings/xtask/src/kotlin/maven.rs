//! Runs Maven.

use std::process::Command;

use super::jdks;
use crate::shell::Shell;

/// Maven in a project.
pub fn command(shell: &Shell, project: &str) -> Command {
    let mut maven = shell.command("mvn");
    maven.current_dir(shell.root.join(project)).args(["-B", "-ntp"]);
    maven
}

/// The property with which the library has the backend for Java 22, if this machine has a compiler for it.
pub fn foreign() -> Option<String> {
    let jdk = jdks::newest(&jdks::installed(), jdks::FOREIGN - 1)?;
    let javac = jdk.tool(&format!("javac{}", std::env::consts::EXE_SUFFIX));
    let home = jdk.java.parent()?.parent()?;
    javac.exists().then(|| format!("-Dscalekit.jdk={}", home.display()))
}
