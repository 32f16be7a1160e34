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

/// A running emulator. If this process owns it, it ends when this is dropped, and when this process ends.
pub struct Emulator {
    child: Option<Child>,
    environment: [(&'static str, String); 3],
}

impl Emulator {
    pub fn start(shell: &Shell) -> Result<Self> {
        let mut command = shell.command(program(shell)?);
        command.args(["--json", "--port", "0", "--strict", "--exit-with-stdin"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("the emulator has no output")?).read_line(&mut line)?;
        let mut emulator = Self::outliving(&line)?;
        emulator.child = Some(child);
        eprintln!("the emulator listens on {}", emulator.url());
        Ok(emulator)
    }

    /// An emulator that outlives this process, from the line that it prints when it is ready.
    pub fn outliving(line: &str) -> Result<Self> {
        let ready: serde_json::Value = serde_json::from_str(line)?;
        let text = |key: &str| ready[key].as_str().unwrap_or_default().to_owned();
        let environment = [
            ("SCALEKIT_ENVIRONMENT_URL", text("environment_url")),
            ("SCALEKIT_CLIENT_ID", text("client_id")),
            ("SCALEKIT_CLIENT_SECRET", text("client_secret")),
        ];
        Ok(Self { child: None, environment })
    }

    pub fn url(&self) -> &str {
        &self.environment[0].1
    }

    /// The variables that clients read their options from.
    pub fn variables(&self) -> &[(&'static str, String)] {
        &self.environment
    }

    /// Sets these variables for a command.
    pub fn configure<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.environment.iter().map(|(name, value)| (name, value)))
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}
