//! The emulator as a program. It prints one line of JSON when it is ready, and serves until it is told to stop.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::thread;

use scalekit_emulator::{Emulator, Settings};
use serde_json::json;
use tokio::sync::oneshot;

const HELP: &str = "\
A local, in-memory stand-in for the Scalekit service.

Usage: scalekit-emulator [options]

Prints one line of JSON when it is ready:
  {\"client_id\": ..., \"client_secret\": ..., \"environment_url\": ..., \"public_client_id\": ...}

Options:
  --addr <ip:port>                where to listen; port 0 takes a free one [default: 127.0.0.1:0]
  --allow-remote                  accept an address that other machines can reach
  --client-id <id>                the client's id
  --client-secret <secret>        the client's secret [default: random at each start]
  --public-client-id <id>         the id of the client without a secret
  --token-lifetime-seconds <n>    how long a machine token lives [default: 86399]
  --no-auto-connection            give new organizations no connection
  --exit-with-stdin               stop when standard input closes, that is, with the parent
  --help                          print this
  --version                       print the version
";

/// What the command line asks for.
enum Command {
    Serve { settings: Settings, exit_with_stdin: bool },
    Print(String),
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1)) {
        Ok(Command::Print(text)) => report(print(&text)),
        Ok(Command::Serve { settings, exit_with_stdin }) => report(serve(settings, exit_with_stdin)),
        Err(message) => {
            eprintln!("scalekit-emulator: {message}\nTry --help.");
            ExitCode::from(2)
        }
    }
}

fn report(result: io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scalekit-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut settings = Settings::default();
    let mut exit_with_stdin = false;
    while let Some(name) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--addr" => settings.addr = number_of(&name, &value()?)?,
            "--allow-remote" => settings.allow_remote = true,
            "--client-id" => settings.client_id = Some(value()?),
            "--client-secret" => settings.client_secret = Some(value()?),
            "--public-client-id" => settings.public_client_id = value()?,
            "--token-lifetime-seconds" => settings.token_lifetime_seconds = number_of(&name, &value()?)?,
            "--no-auto-connection" => settings.auto_connection = false,
            "--exit-with-stdin" => exit_with_stdin = true,
            "--help" | "-h" => return Ok(Command::Print(HELP.into())),
            "--version" => {
                return Ok(Command::Print(concat!(env!("CARGO_PKG_VERSION"), "\n").into()));
            }
            other => return Err(format!("{other} is not an option")),
        }
    }
    Ok(Command::Serve { settings, exit_with_stdin })
}

fn number_of<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} cannot be {value}"))
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn serve(settings: Settings, exit_with_stdin: bool) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let emulator = Emulator::start_with(settings).await?;
        // Before the line is printed: whoever reads it may send the signal at once.
        let stop = stop_signal()?;
        let ready = json!({
            "environment_url": emulator.environment_url(),
            "client_id": emulator.client_id(),
            "client_secret": emulator.client_secret(),
            "public_client_id": emulator.public_client_id(),
        });
        print(&format!("{ready}\n"))?;
        let parent_gone = stdin_closed(exit_with_stdin)?;
        tokio::select! {
            () = stop => {}
            _ = parent_gone => {}
        }
        Ok(())
    })
}

/// Resolves when standard input ends; never, when that is not asked for.
fn stdin_closed(watch: bool) -> io::Result<impl Future<Output = ()>> {
    let (sender, closed) = oneshot::channel::<()>();
    // A thread, because a read of standard input cannot be cancelled and must not hold up the end of the runtime.
    let reader = move || {
        let mut buffer = [0; 1024];
        while matches!(io::stdin().read(&mut buffer), Ok(1..)) {}
        drop(sender);
    };
    if watch {
        thread::Builder::new().name("stdin".into()).spawn(reader)?;
    }
    Ok(async move {
        let _ = closed.await;
        if !watch {
            std::future::pending::<()>().await;
        }
    })
}

#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
