//! Edits that make the generated Kotlin idiomatic.
//!
//! Each module covers one subject. Edits match the shape of the generated text, never the name of an operation or a
//! model.

mod accessors;
mod attributes;
mod bytes;
mod docs;
mod enums;
mod errors;
mod hiding;
mod java;
mod objects;
mod options;
mod pagers;
mod records;
mod text;
mod values;

use crate::edit::{Edited, replace};

/// Finishes the generated module.
pub fn finish(text: String) -> Edited {
    // Some steps depend on earlier ones: unwanted parts are removed first, and the additions for Java come late.
    let steps = [
        head,
        errors::finish,
        values::finish,
        bytes::finish,
        enums::finish,
        objects::finish,
        accessors::finish,
        attributes::finish,
        pagers::finish,
        records::finish,
        options::finish,
        java::finish,
        hiding::finish,
        docs::finish,
    ];
    steps.into_iter().try_fold(text, |text, step| step(text))
}

/// Names the class in which Java finds the top-level functions.
fn head(text: String) -> Edited {
    identify_caller(replace(text, 1, "@file:Suppress(", "@file:JvmName(\"Scalekit\")\n@file:Suppress(")?)
}

/// Whichever call comes first loads the native library. On loading, checks that library and bindings match, and sets
/// the language in the `user-agent`.
fn identify_caller(text: String) -> Edited {
    let load =
        "        Native.register(UniffiLib::class.java, findLibraryName(componentName = \"scalekit\"))\n";
    let checks = "        IntegrityCheckingUniffiLib.ensureInitialized()\n        \
                identifyCaller(\"kotlin\", KotlinVersion.CURRENT.toString())\n";
    let text = replace(text, 1, load, &format!("{load}{checks}"))?;
    replace(text, 1, " fun `identifyCaller`(", " internal fun `identifyCaller`(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loading_the_library_identifies_the_caller() {
        let text = "    init {\n        Native.register(UniffiLib::class.java, \
                    findLibraryName(componentName = \"scalekit\"))\n    }\n fun `identifyCaller`(a)";
        let done = identify_caller(text.to_owned()).unwrap();
        let (load, identify) =
            (done.find("register(").unwrap(), done.find("identifyCaller(\"kotlin\"").unwrap());
        assert!(load < identify && done.ends_with(" internal fun `identifyCaller`(a)"), "{done}");
        assert!(identify_caller(String::new()).is_err());
    }
}
