//! The emulator as a child process, and the other programs that tests run on.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::build;
use crate::shell::Shell;

/// Builds the program and gives its path. Always the quick build: it is what tests run on, not what is tested.
pub fn program(shell: &Shell) -> Result<PathBuf, Box<dyn Error>> {
    shell.cargo("build --package scalekit-emulator")?;
    Ok(build::target(shell).join(format!("debug/scalekit-emulator{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds the server that does everything wrong, and gives its path.
pub fn faults(shell: &Shell) -> Result<PathBuf, Box<dyn Error>> {
    shell.cargo("build --package scalekit-faults")?;
    Ok(build::target(shell).join(format!("debug/scalekit-faults{}", std::env::consts::EXE_SUFFIX)))
}

/// A running emulator; it ends when this is dropped, and when this process ends.
pub struct Emulator {
    child: Child,
    environment: [(&'static str, String); 3],
}

impl Emulator {
    pub fn start(shell: &Shell) -> Result<Self, Box<dyn Error>> {
        let mut command = shell.command(program(shell)?);
        command.args(["--addr", "127.0.0.1:0", "--exit-with-stdin"]);
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

    /// Tells a command where the emulator is.
    pub fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.environment.iter().map(|(name, value)| (name, value)))
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
