//! What a demo leaves running at a terminal: the emulator on its fixed port, and an application with a login.

use std::fs;
use std::io::{self, BufRead, BufReader, IsTerminal};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{programs, quickstart};
use crate::emulator::{self, Emulator};
use crate::python::package::FOLDER;
use crate::python::venv::Venv;
use crate::shell::{Result, Shell};

/// The application with a login.
const APPLICATION: &str = "examples/python/fastapi_login";

/// The port of the application, on which its default redirect URI is.
const PORT: u16 = 8000;

/// How long the application may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// The first line of a `.env` file that the demo may replace.
const NOTE: &str = "# Written by `make demo`.\n";

/// Whether someone reads the output, and stops the programs afterwards.
pub fn is_wanted(shell: &Shell) -> bool {
    !shell.ci && io::stdout().is_terminal()
}

/// Runs the quickstart against an emulator that keeps running, starts a login, and says how to go on.
pub fn start(shell: &Shell, venv: &Venv) -> Result {
    programs::stop(shell)?;
    let emulator = start_emulator(shell)?;
    quickstart::run(shell, venv, &emulator)?;
    let file = write_variables(shell, &emulator)?;
    let login = match start_login(shell, venv, &emulator) {
        Ok(()) => format!("http://localhost:{PORT}"),
        Err(error) => format!("not started: {error}"),
    };
    println!(
        "
Running until `make demo stop=1`:

  emulator   {} (in a browser: its objects, emails and requests)
  login      {login}

To go on, paste:

  set -a; . {file}; set +a
  curl -s $SCALEKIT_ENVIRONMENT_URL/_emulator/requests
  .venv/bin/python -i -c 'from scalekit_rs import *; client = ScalekitClient()'

{FOLDER}/README.md is the guide of the package.",
        emulator.url()
    );
    Ok(())
}

/// Starts the emulator on its default port, with its default credentials.
fn start_emulator(shell: &Shell) -> Result<Emulator> {
    let mut command = shell.command(emulator::program(shell)?);
    let mut child =
        programs::start(shell, "scalekit-emulator", command.arg("--json").stdout(Stdio::piped()))?;
    let mut ready = String::new();
    BufReader::new(child.stdout.take().ok_or("the emulator has no output")?).read_line(&mut ready)?;
    if ready.is_empty() {
        let reason = fs::read_to_string(programs::log(shell, "scalekit-emulator"))?;
        return Err(format!("the emulator did not start: {}", reason.trim()).into());
    }
    Emulator::outliving(&ready)
}

/// Writes the variables to `.env`, or elsewhere if the user has one. Returns the path for a shell.
fn write_variables(shell: &Shell, emulator: &Emulator) -> Result<&'static str> {
    let is_free = |file: &Path| fs::read_to_string(file).map_or(true, |text| text.starts_with(NOTE));
    let file = if is_free(&shell.root.join(".env")) { "./.env" } else { "./target/demo/env" };
    let lines: String =
        emulator.variables().iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    fs::write(shell.root.join(file), format!("{NOTE}{lines}"))?;
    Ok(file)
}

fn start_login(shell: &Shell, venv: &Venv, emulator: &Emulator) -> Result {
    if is_listening() {
        return Err(format!("port {PORT} is in use").into());
    }
    for package in ["fastapi", "uvicorn"] {
        venv.install_tool(shell, package)?;
    }
    let mut server = venv.module(shell, "uvicorn");
    server.args(["--app-dir", APPLICATION, "app:app", "--port"]).arg(PORT.to_string()).stdout(Stdio::null());
    let mut child = programs::start(shell, "uvicorn", emulator.configure(&mut server))?;
    wait_for(&mut child)
        .map_err(|error| format!("{error}; see {}", programs::log(shell, "uvicorn").display()).into())
}

fn is_listening() -> bool {
    TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], PORT))).is_ok()
}

/// Waits until the application accepts connections.
fn wait_for(application: &mut Child) -> io::Result<()> {
    let start = Instant::now();
    while !is_listening() {
        if let Some(status) = application.try_wait()? {
            return Err(io::Error::other(format!("it ended ({status})")));
        }
        if start.elapsed() > PATIENCE {
            return Err(io::ErrorKind::TimedOut.into());
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
