//! Runs Maven.

use std::process::Command;

use crate::shell::Shell;

/// Maven in a project.
pub fn command(shell: &Shell, project: &str) -> Command {
    let mut maven = shell.command("mvn");
    maven.current_dir(shell.root.join(project)).args(["-B", "-ntp"]);
    maven
}
