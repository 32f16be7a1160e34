//! Generates the Kotlin package: one file for each area of the API, from templates over UniFFI's interface.
//!
//! Everything that does not depend on the interface is handwritten, in `bindings/kotlin/src/main/kotlin/rs/scalekit`. Each
//! area has two files: `rs/scalekit/Users.kt` has the public classes, and `rs/scalekit/internal/UsersValues.kt` how their
//! values are read and written, and the native functions of their methods.

mod classes;
mod codecs;
mod docs;
mod enums;
mod functions;
mod imports;
mod names;
mod objects;
mod records;
mod shapes;
mod types;
mod values;

use std::path::Path;

use askama::Template;
use uniffi_bindgen::ComponentInterface;

use crate::areas::{self, Areas};
pub use crate::interface::Result;
use crate::interface::is_for_runtimes;
use crate::kinds::Kinds;

/// The functions of the core that only the runtime of this package calls.
pub const FUNCTIONS_OF_RUNTIME: [&str; 5] =
    ["allow_pauses", "drop_paused_call", "identify_caller", "set_log_level", "take_log_events"];

/// The record that only the runtime of this package uses.
pub const RECORD_OF_RUNTIME: &str = "LogEvent";

/// Whether an export is not part of the package's interface.
pub fn is_internal(name: &str) -> bool {
    is_for_runtimes(name) || name == RECORD_OF_RUNTIME || FUNCTIONS_OF_RUNTIME.contains(&name)
}

/// What all parts of the generator read.
pub struct Package<'a> {
    pub interface: &'a ComponentInterface,
    pub kinds: Kinds,
    pub areas: Areas,
    pub docs: docs::Docs,
}

impl Package<'_> {
    /// Whether a class is a client, which can be closed.
    pub fn is_client(&self, name: &str) -> bool {
        let object = self.interface.get_object_definition(name);
        object.is_some_and(|object| object.methods().iter().any(|method| method.name() == "close"))
    }
}

#[derive(Template)]
#[template(path = "kotlin/file.kt", escape = "none")]
struct File {
    /// Annotations of the file.
    annotation: &'static str,
    package: &'static str,
    imports: Vec<String>,
    /// A comment for readers of the file.
    docs: String,
    declarations: Vec<String>,
}

/// Writes the sources of the package into a folder.
pub fn generate(interface: &ComponentInterface, out: &Path) -> Result {
    let package = Package {
        interface,
        kinds: Kinds::new(interface),
        areas: Areas::find(interface, is_internal)?,
        docs: docs::Docs::new(interface),
    };
    let (public, internal) = (out.join("rs/scalekit"), out.join("rs/scalekit/internal"));
    std::fs::create_dir_all(&internal)?;
    let known = imports::Known::new(&package);
    for area in package.areas.names() {
        let file = names::file(area);
        let docs = areas::docs(area)?;
        // The class in which Java finds the functions.
        let annotation = if area == "client" { "@file:JvmName(\"Scalekit\")\n\n" } else { "" };
        let declarations = classes::of(&package, area)?;
        write(
            &public.join(format!("{file}.kt")),
            known.file(annotation, "rs.scalekit", docs, declarations)?,
        )?;
        let docs = format!(
            "How the values of {file}.kt are read and written, and the native functions of its classes."
        );
        let text = known.file("", "rs.scalekit.internal", &docs, values::of(&package, area)?)?;
        write(&internal.join(format!("{file}Values.kt")), text)?;
    }
    let docs = "The functions of the native library that only the runtime calls.";
    let text = known.file("", "rs.scalekit.internal", docs, classes::of_runtime(&package)?)?;
    write(&internal.join("Runtime.kt"), text)
}

fn write(path: &Path, text: String) -> Result {
    Ok(std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))?)
}
