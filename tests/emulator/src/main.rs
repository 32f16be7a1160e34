//! The emulator as a binary. It prints one line of JSON when it is ready and serves until it receives a stop signal.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use scalekit_emulator::{Emulator, Settings};
use serde_json::json;
use tokio::sync::oneshot;

const HELP: &str = "\
A local, in-memory emulator of the Scalekit service.

Usage: scalekit-emulator [options]

Prints one line of JSON when it is ready:
  {\"client_id\": ..., \"client_secret\": ..., \"environment_url\": ..., \"public_client_id\": ...}

Options:
  --addr <ip:port>                Address to listen on; port 0 selects a free port [default: 127.0.0.1:0]
  --allow-remote                  Allow an address that other machines can reach
  --client-id <id>                ID of the client [default: skc_100000000000000001]
  --client-secret <secret>        Secret of the client [default: random at each start]
  --public-client-id <id>         ID of the public client [default: skc_100000000000000002]
  --token-lifetime-seconds <n>    Lifetime of a machine token, in seconds [default: 86399]
  --strict                        Reject mistakes that the service ignores, such as unknown query parameters
  --read-timeout-seconds <n>      Time in which a request must arrive, in seconds [default: 60]
  --no-auto-connection            Do not create a connection for each new organization
  --exit-with-stdin               Stop when standard input closes, for example because the parent process exited
  --help                          Print this help
  --version                       Print the version
";

/// The parsed command line.
enum Command {
    Serve { settings: Settings, exit_with_stdin: bool },
    Print(String),
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1)) {
        Ok(Command::Print(text)) => report(print(&text)),
        Ok(Command::Serve { settings, exit_with_stdin }) => report(serve(settings, exit_with_stdin)),
        Err(message) => {
            eprintln!("scalekit-emulator: {message}\nFor more information, try --help.");
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
        let mut value = || args.next().ok_or_else(|| format!("{name} requires a value"));
        match name.as_str() {
            "--addr" => settings.addr = parse_value(&name, &value()?)?,
            "--allow-remote" => settings.allow_remote = true,
            "--client-id" => settings.client_id = Some(value()?),
            "--client-secret" => settings.client_secret = Some(value()?),
            "--public-client-id" => settings.public_client_id = value()?,
            "--token-lifetime-seconds" => settings.token_lifetime_seconds = parse_value(&name, &value()?)?,
            "--strict" => settings.strict = true,
            "--read-timeout-seconds" => {
                settings.read_timeout = Duration::from_secs(parse_value(&name, &value()?)?);
            }
            "--no-auto-connection" => settings.auto_connection = false,
            "--exit-with-stdin" => exit_with_stdin = true,
            "--help" | "-h" => return Ok(Command::Print(HELP.into())),
            "--version" => {
                return Ok(Command::Print(concat!(env!("CARGO_PKG_VERSION"), "\n").into()));
            }
            other => return Err(format!("unknown option {other}")),
        }
    }
    Ok(Command::Serve { settings, exit_with_stdin })
}

fn parse_value<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("invalid value for {name}: {value}"))
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
        // Before the line is printed, because a reader of the line may send the signal immediately.
        let stop = stop_signal()?;
        let ready = json!({
            "environment_url": emulator.environment_url(),
            "client_id": emulator.client_id(),
            "client_secret": emulator.client_secret(),
            "public_client_id": emulator.public_client_id(),
        });
        print(&format!("{ready}\n"))?;
        let stdin_end = stdin_closed(exit_with_stdin)?;
        tokio::select! {
            () = stop => {}
            _ = stdin_end => {}
        }
        Ok(())
    })
}

/// Resolves when standard input ends, or never if `watch` is false.
fn stdin_closed(watch: bool) -> io::Result<impl Future<Output = ()>> {
    let (sender, closed) = oneshot::channel::<()>();
    // A thread, because a read of standard input cannot be canceled and would block the shutdown of the runtime.
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
