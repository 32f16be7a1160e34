//! What the rows need: builds, environments, the server, and how a contestant is started.

use std::error::Error;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::rows::{Contestant, Program, Row};
use super::stats::Sample;
use crate::python::venv::Venv;
use crate::shell::{Done, Shell};
use crate::sizes::{Shipped, Sizes};
use crate::{build, kotlin, python, sizes};

pub const VENV: &str = "target/bench/python";
const OFFICIAL: &str = "target/bench/official";
const SCRIPTS: &str = "tests/bench/python";

/// Everything in place.
pub struct Place<'a> {
    shell: &'a Shell,
    rust: PathBuf,
    server: Server,
    class_path: OsString,
    sizes: Sizes,
}

impl<'a> Place<'a> {
    /// Builds what ships, and of the rest what these rows need.
    pub fn prepare(shell: &'a Shell, rows: &[&Row]) -> Result<Self, Box<dyn Error>> {
        let needs = |program: Program| {
            rows.iter().flat_map(|row| row.contestants).any(|contestant| contestant.program == program)
        };
        let release = Shell { root: shell.root.clone(), ci: true };
        let shipped = if needs(Program::Size) { sizes::packaged(&release)? } else { Shipped::new() };
        let sizes = sizes::of(&shipped)?;
        if needs(Program::Python) {
            let wheel = shipped.get("wheel").cloned().map_or_else(|| python::wheel(&release), Ok)?;
            contestants_of_python(shell, &wheel)?;
        }
        if needs(Program::Official) {
            environment(shell, OFFICIAL, "official.txt")?;
        }
        let class_path =
            if needs(Program::Jvm) { kotlin::bench_class_path(&release)? } else { OsString::new() };
        shell.cargo("build --release --package scalekit-bench")?;
        let rust = build::target(shell).join("release/scalekit-bench");
        let server = Server::start(shell, &rust)?;
        Ok(Self { shell, rust, server, class_path, sizes })
    }

    /// One measurement, in a process of its own.
    pub fn measure(&self, contestant: &Contestant, seconds: &str) -> Result<Sample, Box<dyn Error>> {
        let mut command = match contestant.program {
            Program::Python => self.script(VENV),
            Program::Official => self.script(OFFICIAL),
            Program::Rust => self.shell.command(&self.rust),
            Program::Jvm => self.shell.command("java"),
            Program::Size => return self.size(contestant.arguments),
        };
        match contestant.program {
            Program::Rust => _ = command.arg("measure"),
            Program::Jvm => _ = command.arg("-cp").arg(&self.class_path).arg("ContestantsKt"),
            _ => {}
        }
        command.args(contestant.arguments.replace("SECONDS", seconds).split(' '));
        let line = self.shell.output(self.server.tell(&mut command))?;
        serde_json::from_str(&line)
            .map_err(|_| format!("{} printed no sample: {line}", contestant.name).into())
    }

    /// The steps of our own calls from Python, as their script prints them.
    pub fn steps(&self) -> Done {
        self.shell.run(self.server.tell(self.script(VENV).args(["steps.py", "1"])))
    }

    fn script(&self, venv: &str) -> Command {
        let mut command = self.shell.command(self.shell.root.join(venv).join("bin/python"));
        command.current_dir(self.shell.root.join(SCRIPTS));
        command
    }

    fn size(&self, name: &str) -> Result<Sample, Box<dyn Error>> {
        let bytes = self.sizes.get(name).ok_or_else(|| format!("{name} has no size"))?;
        Ok(Sample::from([("size".to_owned(), *bytes as f64 / 1e6)]))
    }
}

/// The environment with everybody who is compared, and the package itself.
pub fn contestants_of_python(shell: &Shell, wheel: &Path) -> Result<Venv, Box<dyn Error>> {
    let venv = environment(shell, VENV, "requirements.txt")?;
    venv.install_wheel(shell, wheel)?;
    Ok(venv)
}

fn environment(shell: &Shell, folder: &str, requirements: &str) -> Result<Venv, Box<dyn Error>> {
    let venv = Venv::at(shell, folder)?;
    venv.install_all(shell, &format!("{SCRIPTS}/{requirements}"))?;
    Ok(venv)
}

/// The server of fixed answers; it ends when this is dropped, and when this process ends.
struct Server {
    child: Child,
    environment: [(&'static str, String); 4],
}

impl Server {
    fn start(shell: &Shell, program: &Path) -> Result<Self, Box<dyn Error>> {
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

    /// Tells a command where the server is.
    fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.environment.iter().map(|(name, value)| (name, value)))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
