//! The emulator, and the bad road to it: processes of their own, so that what they take is not ours.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::Done;

/// A child that says in a line of JSON when it is ready, and ends when its input does.
#[derive(Debug)]
pub struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    /// What it said.
    pub ready: Value,
}

impl Running {
    /// Starts it.
    pub fn start(program: &Path, arguments: &[&str]) -> Done<Self> {
        let mut command = Command::new(program);
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut output = BufReader::new(child.stdout.take().ok_or("a child without output")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let ready = serde_json::from_str(&line).map_err(|e| format!("{}: {e}: {line}", program.display()))?;
        Ok(Self { child, output, ready })
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A text of what it said.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_default()
    }

    /// Ends it, and gives its last words.
    pub fn end(mut self) -> Done<String> {
        drop(self.child.stdin.take());
        let mut words = String::new();
        self.output.read_to_string(&mut words)?;
        self.child.wait()?;
        Ok(words)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
