//! The emulator and the faulty proxy, as child processes, so that their resources are counted separately.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::Done;

/// A child process that prints a JSON line when it is ready, and ends when its standard input ends.
#[derive(Debug)]
pub struct ChildProcess {
    child: Child,
    output: BufReader<ChildStdout>,
    /// The JSON line.
    pub ready: Value,
}

impl ChildProcess {
    /// Starts the process and waits until it is ready.
    pub fn start(program: &Path, arguments: &[&str]) -> Done<Self> {
        let mut command = Command::new(program);
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut output =
            BufReader::new(child.stdout.take().ok_or("the child process has no standard output")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let ready = serde_json::from_str(&line).map_err(|e| format!("{}: {e}: {line}", program.display()))?;
        Ok(Self { child, output, ready })
    }

    /// The process ID.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A string field of the JSON line, or an empty string.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_default()
    }

    /// Ends the process, and returns the rest of its output.
    pub fn stop(mut self) -> Done<String> {
        drop(self.child.stdin.take());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest)?;
        self.child.wait()?;
        Ok(rest)
    }
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
