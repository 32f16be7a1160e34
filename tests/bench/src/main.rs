//! The Rust part of the bench: `server` serves prepared responses, `measure` measures one contestant and prints one
//! line.

mod bare;
mod contestants;
mod forge;
mod measure;
mod models;
mod responses;
mod server;

use std::error::Error;
use std::process::ExitCode;

const HELP: &str = "\
scalekit-bench server                            serve until standard input closes; prints one line when ready
scalekit-bench measure CONTESTANT WORK SECONDS   CONTESTANT ours, bare or driven;
                                                 WORK one, page, organization, async-one, async-page, token";

/// The result type of this program.
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
