//! What maturin runs for the modules that accompany the library in a wheel: `uniffi-bindgen generate … --out-dir DIR`.
//!
//! There are none, because the modules of the package are part of its sources. Without this program, maturin would
//! build UniFFI's generator for every wheel, which takes longer than the library.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |name: &str| arguments.iter().position(|argument| argument == name).map(|at| at + 1);
    match after("--out-dir").and_then(|at| arguments.get(at)) {
        Some(out) => report(clear(Path::new(out))),
        None => report(Err(std::io::Error::other("--out-dir is missing"))),
    }
}

/// Creates the folder, and removes modules that an earlier version has written.
fn clear(out: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(out)?;
    for entry in std::fs::read_dir(out)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "py") {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn report(result: std::io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("uniffi-bindgen: {error}");
            ExitCode::FAILURE
        }
    }
}
