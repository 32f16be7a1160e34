//! Generates the bindings with UniFFI, then edits the generated text to fit each language.
//!
//! It takes the arguments of any `uniffi-bindgen`, so that maturin can run it too; `swift-scenarios` is an additional
//! task. The edits for a language are in the module of its name. Each edit states how often its pattern must occur, so
//! that a change in UniFFI's output fails the build here and not in a user's program.

mod edit;
mod kotlin;
mod python;
mod swift;

use std::error::Error;
use std::path::PathBuf;

use python::documentation::Fields;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let value =
        |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1)).cloned();
    if arguments.get(1).is_some_and(|task| task == "swift-scenarios") {
        let required = |name: &str| value(name).ok_or_else(|| format!("{name} is missing"));
        return swift::scenarios::write(&required("--library")?, &required("--out")?);
    }
    let (language, out) = (value("--language"), value("--out-dir").map(PathBuf::from));
    let library = value("--library").map(PathBuf::from);
    uniffi::uniffi_bindgen_main();
    match (language.as_deref(), out) {
        (Some("python"), Some(out)) => {
            let fields = Fields::read(&library.ok_or("--library is missing")?)?;
            edit::file(&out.join("scalekit.py"), |text| python::finish(&text, &fields))
        }
        (Some("kotlin"), Some(out)) => edit::file(&out.join("rs/scalekit/scalekit.kt"), kotlin::finish),
        (Some("swift"), Some(out)) => edit::file(&out.join("Scalekit.swift"), swift::finish),
        _ => Ok(()),
    }
}
