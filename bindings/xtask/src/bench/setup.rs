//! Builds, environments and the server that the rows need; starts the contestants.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::rows::{Contestant, Program, Row};
use super::stats::Sample;
use crate::build;
use crate::kotlin::{self, Bench};
use crate::python::package;
use crate::python::venv::{BENCH, BENCH_OFFICIAL, BENCH_SCRIPTS, Venv};
use crate::shell::{Result, Shell};
use crate::sizes::{self, Packages, Sizes};

/// The running server and the programs of the contestants.
pub struct Setup<'a> {
    shell: &'a Shell,
    rust: PathBuf,
    c: PathBuf,
    server: Server,
    jvm: Option<Bench>,
    sizes: Sizes,
}

impl<'a> Setup<'a> {
    /// Starts the server, and builds what these rows need.
    pub fn prepare(shell: &'a Shell, rows: &[&Row]) -> Result<Self> {
        let needs = |program: Program| {
            rows.iter().flat_map(|row| row.contestants).any(|contestant| contestant.program == program)
        };
        let release = shell.release();
        let packages =
            if needs(Program::Size) { sizes::build_packages(shell, &sizes::NAMES)? } else { Packages::new() };
        let sizes = sizes::measure(&packages)?;
        if needs(Program::Python) {
            let wheel = packages.get("wheel").cloned().map_or_else(|| package::wheel(&release), Ok)?;
            Venv::for_bench(shell, &wheel)?;
        }
        if needs(Program::Official) {
            Venv::for_official_sdk(shell)?;
        }
        let needs_jvm = needs(Program::Jvm) || needs(Program::NewestJvm);
        let jvm = needs_jvm.then(|| kotlin::bench(&release)).transpose()?;
        shell.cargo("build --release --package scalekit-bench")?;
        let rust = build::target(shell).join("release/scalekit-bench");
        let c = if needs(Program::C) { crate::c::bench_program(&release)? } else { PathBuf::new() };
        let server = Server::start(shell, &rust)?;
        Ok(Self { shell, rust, c, server, jvm, sizes })
    }

    /// Measures a contestant once, in a separate process.
    pub fn measure(&self, contestant: &Contestant, seconds: &str) -> Result<Sample> {
        let mut command = match contestant.program {
            Program::Python => self.script(BENCH),
            Program::Official => self.script(BENCH_OFFICIAL),
            Program::Rust => self.shell.command(&self.rust),
            Program::C => self.shell.command(&self.c),
            Program::Jvm => self.jvm(Bench::command)?,
            Program::NewestJvm => self.jvm(Bench::newest_command)?,
            Program::Size => return self.size(contestant.arguments),
        };
        if contestant.program == Program::Rust {
            command.arg("measure");
        }
        command.args(contestant.arguments.replace("SECONDS", seconds).split(' '));
        let line = self.shell.output(self.server.configure(&mut command))?;
        serde_json::from_str(&line)
            .map_err(|_| format!("{} printed no sample: {line}", contestant.name).into())
    }

    /// Prints the duration of each step of a call from Python.
    pub fn steps(&self) -> Result {
        self.shell.run(self.server.configure(self.script(BENCH).args(["steps.py", "1"])))
    }

    fn script(&self, venv: &str) -> Command {
        let mut command = self.shell.command(self.shell.root.join(venv).join("bin/python"));
        command.current_dir(self.shell.root.join(BENCH_SCRIPTS));
        command
    }

    /// Returns a program for Java. The rows that have one have it built.
    fn jvm(&self, command: impl Fn(&Bench, &Shell) -> Command) -> Result<Command> {
        let bench = self.jvm.as_ref().ok_or("the classes of the benchmark are not built")?;
        Ok(command(bench, self.shell))
    }

    fn size(&self, name: &str) -> Result<Sample> {
        let bytes = self.sizes.get(name).ok_or_else(|| format!("{name} has no size"))?;
        Ok(Sample::from([("size".to_owned(), *bytes as f64 / 1e6)]))
    }
}

/// The server of prepared responses. It ends when this is dropped, and when this process ends.
struct Server {
    child: Child,
    environment: [(&'static str, String); 4],
}

impl Server {
    fn start(shell: &Shell, program: &Path) -> Result<Self> {
        let mut command = shell.command(program);
        let mut child = command.arg("server").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("the server has no output")?).read_line(&mut line)?;
        let ready: serde_json::Value = serde_json::from_str(&line)?;
        let text = |key: &str| ready[key].as_str().unwrap_or_default().to_owned();
        let environment = [
            ("SCALEKIT_ENVIRONMENT_URL", text("url")),
            ("SCALEKIT_CLIENT_ID", text("client_id")),
            ("SCALEKIT_CLIENT_SECRET", "any".to_owned()),
            ("BENCH_TOKEN", text("token")),
        ];
        Ok(Self { child, environment })
    }

    /// Sets the variables of a command that contestants read.
    fn configure<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.environment.iter().map(|(name, value)| (name, value)))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
