//! `scalekit-soak`: see `--help`, or `cargo xtask soak`.

use std::process::ExitCode;

use scalekit_soak::{Done, options, proxy, run};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match start(words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("scalekit-soak: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all went well.
fn start(words: Vec<String>) -> Done<bool> {
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--help" | "-h"] => {
            println!("{}", options::HELP);
            Ok(true)
        }
        // What the soak starts beside itself.
        ["proxy", to, seed] => proxy::run(to, seed.parse()?).map(|()| true),
        _ => run::run(&options::Options::read(words)?),
    }
}
