//! Hides the generator's internals from the public API.

use heck::ToLowerCamelCase;

use super::text::names;
use crate::edit::{Edited, replace};
use crate::interface::{FUNCTIONS_FOR_PYTHON, OBJECT_FOR_PYTHON, RECORD_FOR_PYTHON};

/// The declarations to hide, as the generator writes them.
const INTERNALS: [&str; 11] = [
    "open class RustBuffer : Structure() {",
    "public interface FfiConverter<KotlinType, FfiType> {",
    "public interface FfiConverterRustBuffer<KotlinType>: FfiConverter<KotlinType, RustBuffer.ByValue> {",
    "interface UniffiRustCallStatusErrorHandler<E> {",
    "object UniffiNullRustCallStatusErrorHandler: ",
    "object UniffiWithHandle",
    "interface UniffiCleaner {",
    "public fun uniffiEnsureInitialized() {",
    "    companion object ErrorHandler : UniffiRustCallStatusErrorHandler<ScalekitException> {",
    "public typealias FfiConverterTypeTimestamp = ",
    "public typealias FfiConverterTypeSecretInput = ",
];

pub fn finish(text: String) -> Edited {
    let text = INTERNALS.into_iter().try_fold(text, |text, declaration| {
        let bare = declaration.trim_start().trim_start_matches("public ");
        let indent = &declaration[..declaration.len() - declaration.trim_start().len()];
        replace(text, 1, &format!("\n{declaration}"), &format!("\n{indent}internal {bare}"))
    })?;
    let converters = names(&text, "public object FfiConverter", ":").len()
        + names(&text, "public object FfiConverter", " :").len();
    let text =
        replace(text, converters.max(1), "\npublic object FfiConverter", "\ninternal object FfiConverter")?;
    hide_what_is_for_python(text)
}

/// Hides the functions and types that only the Python package uses.
fn hide_what_is_for_python(text: String) -> Edited {
    let text = FUNCTIONS_FOR_PYTHON.into_iter().try_fold(text, |text, name| {
        let function = format!("fun `{}`(", name.to_lower_camel_case());
        replace(text, 1, &format!(" {function}"), &format!(" internal {function}"))
    })?;
    let types = [format!("class {OBJECT_FOR_PYTHON}\n"), format!("data class {RECORD_FOR_PYTHON} (")];
    types.into_iter().try_fold(text, |text, declaration| {
        replace(text, 1, &format!("\n{declaration}"), &format!("\ninternal {declaration}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generator_internals_are_hidden() {
        let text: String = INTERNALS.iter().map(|line| format!("\n{line}")).collect();
        let functions = FUNCTIONS_FOR_PYTHON.map(str::to_lower_camel_case);
        let functions: String = functions.iter().map(|name| format!("\n fun `{name}`()")).collect();
        let types = "\nclass Completions\ndata class LogEvent (";
        let text = text
            + "\npublic object FfiConverterA: X\npublic object FfiConverterTypeB : X"
            + &functions
            + types;
        let done = finish(text.clone()).unwrap();
        let open: Vec<&str> =
            done.lines().filter(|line| !line.trim_start().starts_with("internal ")).collect();
        assert_eq!(open, [""], "{done}");
        for removed in ["object UniffiWithHandle", "fun `rowsOf`(", "class Completions"] {
            assert!(finish(text.replace(removed, "")).is_err(), "{removed}");
        }
    }
}
