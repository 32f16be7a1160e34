//! `scalekit-soak`: see `--help`, or `cargo xtask soak`.

use std::process::ExitCode;

use scalekit_soak::{Done, options, proxy, run};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match start(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("scalekit-soak: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether there were no complaints.
fn start(arguments: Vec<String>) -> Done<bool> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--help" | "-h"] => {
            println!("{}", options::HELP);
            Ok(true)
        }
        // The proxy that the soak test starts as a child process.
        ["proxy", to, seed] => proxy::run(to, seed.parse()?).map(|()| true),
        _ => run::run(&options::Options::read(arguments)?),
    }
}
