//! The emulator as a program. It prints its URL and credentials when it is ready and serves until it receives a stop
//! signal.

mod arguments;
mod health;
mod ready;
mod world;

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::thread;

use clap::Parser;
use scalekit_emulator::Emulator;
use tokio::sync::oneshot;

use arguments::Arguments;
use world::World;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    report(if arguments.world == Some(World::Help) {
        print(&world::list())
    } else if arguments.check_health {
        health::check(arguments.addr(), arguments.tls)
    } else {
        serve(&arguments)
    })
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

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn serve(arguments: &Arguments) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let emulator = start(arguments).await?;
        if let (Some(path), Some(pem)) = (&arguments.tls_certificate, emulator.certificate_pem()) {
            std::fs::write(path, pem)
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
        }
        // Before anything is printed, because a reader may send the signal immediately.
        let stop = stop_signal()?;
        print(&if arguments.json {
            ready::as_json(&emulator)
        } else {
            ready::as_table(&emulator, arguments.tls_certificate.as_deref())
        })?;
        let stdin_end = stdin_closed(arguments.exit_with_stdin)?;
        tokio::select! {
            () = stop => {}
            _ = stdin_end => {}
        }
        emulator.save_state()
    })
}

async fn start(arguments: &Arguments) -> io::Result<Emulator> {
    let settings = arguments.settings()?;
    let addr = settings.addr;
    if !addr.ip().is_loopback() && !settings.allow_remote {
        let text = format!("other machines can reach {addr}. Allow it with --allow-remote.");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    Emulator::start_with(settings).await.map_err(|error| {
        let text = match error.kind() {
            io::ErrorKind::AddrInUse => format!(
                "{addr} is already in use, maybe by another emulator. Choose another port with --port; 0 selects a \
                 free one."
            ),
            io::ErrorKind::PermissionDenied => {
                format!("port {} is reserved by the system. Choose a port above 1023 with --port.", addr.port())
            }
            io::ErrorKind::AddrNotAvailable => format!("{addr} is not an address of this machine."),
            // Only the program knows the name of the file.
            io::ErrorKind::InvalidInput => arguments.with_seed_file(&error.to_string()),
            _ => return error,
        };
        io::Error::new(error.kind(), text)
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
