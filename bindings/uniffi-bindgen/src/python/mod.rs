//! Generates the Python package: one module for each area of the API, from templates over UniFFI's interface.
//!
//! Everything that does not depend on the interface is handwritten, in `bindings/python/src/scalekit_rs/_runtime`. A
//! generated class names what the runtime needs to know as constants: the fields of a record and their shapes, and the
//! native function of each method.

mod classes;
mod docs;
mod enums;
mod functions;
mod names;
mod objects;
mod pages;
mod records;
mod types;
mod words;

use std::path::Path;

use askama::Template;
use uniffi_bindgen::ComponentInterface;

use crate::areas::{self, Areas};
pub use crate::interface::Result;
use crate::interface::is_for_runtimes;
use types::Types;

/// Further exports that the runtime calls or replaces. The other languages have them.
const INTERNAL: [&str; 3] = ["LogLevel", "identify_caller", "log_to_stderr"];

/// Whether an export is only for the runtime, and not part of the package's interface.
pub fn is_internal(name: &str) -> bool {
    is_for_runtimes(name) || INTERNAL.contains(&name)
}

/// What all parts of the generator read.
pub struct Package<'a> {
    pub interface: &'a ComponentInterface,
    pub types: Types,
    pub areas: Areas,
}

#[derive(Template)]
#[template(path = "python/module.py", escape = "none")]
struct Module {
    docs: String,
    /// What the module needs of the runtime, and for annotations.
    runtime: Vec<&'static str>,
    typing: Vec<(&'static str, String)>,
    /// Classes that have a module of their own, with a stub.
    reexports: Vec<(&'static str, &'static str)>,
    /// Names that type checkers need, by the module that has them.
    imports: Vec<(String, String)>,
    classes: Vec<String>,
    functions: Vec<String>,
}

/// Writes the modules of the package into a folder.
pub fn generate(interface: &ComponentInterface, out: &Path) -> Result {
    let package =
        Package { interface, types: Types::new(interface), areas: Areas::find(interface, is_internal)? };
    for area in package.areas.names() {
        let text = package.module(area)?;
        write(&out.join(format!("{area}.py")), &text)?;
    }
    for (name, text) in names::modules(&package)? {
        write(&out.join(name), &text)?;
    }
    Ok(())
}

impl Package<'_> {
    /// The expression for a class in the module of another: its name, or a lookup at run time, so that a module does not
    /// load those of all classes that it mentions.
    pub fn expression(&self, name: &str, inside: &str) -> String {
        if self.areas.of(name) == self.areas.of(inside) {
            name.to_owned()
        } else {
            format!("public(\"{name}\")")
        }
    }

    fn module(&self, area: &str) -> Result<String> {
        let found = classes::of(self, area)?;
        let (runtime, typing) = names::needed(&found);
        let module = Module {
            runtime,
            typing,
            docs: areas::docs(area)?.to_owned(),
            reexports: names::reexports(area),
            imports: self.imports(area, &found),
            functions: found.iter().flat_map(|class| class.functions.clone()).collect(),
            classes: found.into_iter().map(|class| class.text).collect(),
        };
        Ok(module.render()?)
    }

    /// The names of other modules that the classes mention.
    fn imports(&self, area: &str, classes: &[classes::Class]) -> Vec<(String, String)> {
        let text = classes::text(classes);
        let mut found = std::collections::BTreeMap::<&str, Vec<&str>>::new();
        for (name, module) in self.areas.all() {
            if module != area && mentions(&text, name) {
                found.entry(module).or_default().push(name);
            }
        }
        found.into_iter().map(|(module, names)| (module.to_owned(), names.join(", "))).collect()
    }
}

/// Whether Python code contains a name as a whole word.
pub fn mentions(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + name.len()..].chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

fn write(path: &Path, text: &str) -> Result {
    Ok(std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))?)
}
