//! The Rust half of the bench: `server` gives fixed answers, `measure` measures one contestant and prints one line.

mod answers;
mod bare;
mod contestants;
mod forge;
mod measure;
mod models;
mod server;

use std::error::Error;
use std::process::ExitCode;

const HELP: &str = "\
scalekit-bench server                            serve until standard input closes; prints one line when ready
scalekit-bench measure CONTESTANT WORK SECONDS   CONTESTANT ours, bare or driven;
                                                 WORK one, page, async-one, async-page, token";

/// What everything here gives.
type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["server"] => server::serve(),
        ["measure", contestant, work, seconds] => contestants::run(contestant, work, seconds),
        _ => Err(HELP.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scalekit-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
