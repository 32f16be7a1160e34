//! Generates the bindings. Python and Kotlin are generated from templates over UniFFI's interface; Swift is UniFFI's own
//! output, edited to fit the language.
//!
//! It takes the arguments of any `uniffi-bindgen` for Swift, and these tasks:
//!
//! - `python --library LIB --out DIR` writes the modules of the Python package.
//! - `kotlin --library LIB --out DIR` writes the sources of the Kotlin package.
//! - `c-listing --library LIB` prints the calls of the C library, with the names and types of their JSON.
//! - `uniffi-python --library LIB --out DIR` writes UniFFI's own Python module, with which a test compares the package.
//! - `swift-scenarios --library LIB --out FILE` writes what the tests of Swift need.
//!
//! The edits for a language are in the module of its name. Each edit states how often its pattern must occur, so that a
//! change in UniFFI's output fails the build here and not in a user's program.

mod areas;
mod c;
mod edit;
mod interface;
mod json_support;
mod kinds;
mod kotlin;
mod python;
mod swift;
mod wire_names;

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let value =
        |name: &str| arguments.iter().position(|a| a == name).and_then(|at| arguments.get(at + 1)).cloned();
    let required = |name: &str| value(name).ok_or_else(|| format!("{name} is missing"));
    match arguments.get(1).map(String::as_str) {
        Some("swift-scenarios") => {
            return swift::scenarios::write(&required("--library")?, &required("--out")?);
        }
        Some("python") => {
            let interface = interface::load(&required("--library")?)?;
            return python::generate(&interface, &PathBuf::from(required("--out")?));
        }
        Some("kotlin") => {
            let interface = interface::load(&required("--library")?)?;
            return kotlin::generate(&interface, &PathBuf::from(required("--out")?));
        }
        Some("c-listing") => {
            print!("{}", c::listing(&interface::load(&required("--library")?)?)?);
            return Ok(());
        }
        Some("uniffi-python") => return uniffi_python(&required("--library")?, &required("--out")?),
        _ => {}
    }
    let (language, out) = (value("--language"), value("--out-dir").map(PathBuf::from));
    uniffi::uniffi_bindgen_main();
    match (language.as_deref(), out) {
        (Some("swift"), Some(out)) => {
            edit::file(&out.join("Scalekit.swift"), swift::finish)?;
            let interface = interface::load(&required("--library")?)?;
            swift::files::write(
                &out,
                &interface,
                &areas::Areas::find(&interface, interface::is_for_runtimes)?,
            )
        }
        _ => Ok(()),
    }
}

fn uniffi_python(library: &str, out: &str) -> Result<(), Box<dyn Error>> {
    use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};
    generate(GenerateOptions {
        languages: vec![TargetLanguage::Python],
        source: library.into(),
        out_dir: out.into(),
        config_override: None,
        format: false,
        crate_filter: Some("scalekit".into()),
        metadata_no_deps: true,
    })
    .map_err(Into::into)
}
