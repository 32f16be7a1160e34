//! What the generator cannot know about Kotlin.
//!
//! Each module is one subject and edits the text by its shape, never by the name of an operation or a model.

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
    // The order matters in places: what is no part of the surface goes first, and Java's needs come last.
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

/// Java sees the functions that belong to no class in a class of this name.
fn head(text: String) -> Edited {
    caller(replace(text, 1, "@file:Suppress(", "@file:JvmName(\"Scalekit\")\n@file:Suppress(")?)
}

/// Whatever is called first loads the library: that the two fit is checked then, and the `user-agent` set.
fn caller(text: String) -> Edited {
    let load =
        "        Native.register(UniffiLib::class.java, findLibraryName(componentName = \"scalekit\"))\n";
    let more = "        IntegrityCheckingUniffiLib.ensureInitialized()\n        \
                identifyCaller(\"kotlin\", KotlinVersion.CURRENT.toString())\n";
    let text = replace(text, 1, load, &format!("{load}{more}"))?;
    replace(text, 1, " fun `identifyCaller`(", " internal fun `identifyCaller`(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_is_named_when_the_library_is_loaded() {
        let text = "    init {\n        Native.register(UniffiLib::class.java, \
                    findLibraryName(componentName = \"scalekit\"))\n    }\n fun `identifyCaller`(a)";
        let done = caller(text.to_owned()).unwrap();
        let (load, identify) =
            (done.find("register(").unwrap(), done.find("identifyCaller(\"kotlin\"").unwrap());
        assert!(load < identify && done.ends_with(" internal fun `identifyCaller`(a)"), "{done}");
        assert!(caller(String::new()).is_err());
    }
}
