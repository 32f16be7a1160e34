//! The emulator as a child process, and the other programs that tests use.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::build;
use crate::shell::{Result, Shell};

/// Builds the emulator and returns its path. Always in the dev profile, which builds faster: the emulator is not under
/// test.
pub fn program(shell: &Shell) -> Result<PathBuf> {
    shell.cargo("build --package scalekit-emulator")?;
    Ok(build::target(shell).join(format!("debug/scalekit-emulator{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds the fault injection server and returns its path.
pub fn faults(shell: &Shell) -> Result<PathBuf> {
    shell.cargo("build --package scalekit-faults")?;
    Ok(build::target(shell).join(format!("debug/scalekit-faults{}", std::env::consts::EXE_SUFFIX)))
}

/// A running emulator. It ends when this is dropped, and when this process ends.
pub struct Emulator {
    child: Child,
    environment: [(&'static str, String); 3],
}

impl Emulator {
    pub fn start(shell: &Shell) -> Result<Self> {
        let mut command = shell.command(program(shell)?);
        command.args(["--json", "--port", "0", "--strict", "--exit-with-stdin"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("the emulator has no output")?).read_line(&mut line)?;
        let ready: serde_json::Value = serde_json::from_str(&line)?;
        let text = |key: &str| ready[key].as_str().unwrap_or_default().to_owned();
        let environment = [
            ("SCALEKIT_ENVIRONMENT_URL", text("environment_url")),
            ("SCALEKIT_CLIENT_ID", text("client_id")),
            ("SCALEKIT_CLIENT_SECRET", text("client_secret")),
        ];
        eprintln!("the emulator listens on {}", environment[0].1);
        Ok(Self { child, environment })
    }

    /// Sets the variables of a command that clients read their options from.
    pub fn configure<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.environment.iter().map(|(name, value)| (name, value)))
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
