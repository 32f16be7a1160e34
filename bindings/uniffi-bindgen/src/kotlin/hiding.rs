//! The generator's own machinery is no part of the surface.

use super::text::names;
use crate::edit::{Edited, replace};

/// What is hidden by name: the declaration, as the generator writes it.
const MACHINERY: [&str; 10] = [
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
];

pub fn finish(text: String) -> Edited {
    let text = MACHINERY.into_iter().try_fold(text, |text, declaration| {
        let bare = declaration.trim_start().trim_start_matches("public ");
        let indent = &declaration[..declaration.len() - declaration.trim_start().len()];
        replace(text, 1, &format!("\n{declaration}"), &format!("\n{indent}internal {bare}"))
    })?;
    let converters = names(&text, "public object FfiConverter", ":").len()
        + names(&text, "public object FfiConverter", " :").len();
    let text =
        replace(text, converters.max(1), "\npublic object FfiConverter", "\ninternal object FfiConverter")?;
    not_for_callers(text)
}

/// What is for our own tests, in both clients, and for a language that is not this one.
fn not_for_callers(text: String) -> Edited {
    let text = replace(text, 1, " fun `stopThreads`(", " internal fun `stopThreads`(")?;
    let text = replace(text, 1, " fun `rowsOf`(", " internal fun `rowsOf`(")?;
    let text =
        replace(text, 1, "\n    suspend fun `panicForTest`(", "\n    internal suspend fun `panicForTest`(")?;
    replace(text, 1, "\n    fun `panicForTest`(", "\n    internal fun `panicForTest`(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machinery_is_internal() {
        let text: String = MACHINERY.iter().map(|line| format!("\n{line}")).collect();
        let text = text
            + "\npublic object FfiConverterA: X\npublic object FfiConverterTypeB : X\n fun `stopThreads`()\n fun `rowsOf`()\n    suspend \
                           fun `panicForTest`()\n    fun `panicForTest`()\n";
        let done = finish(text.clone()).unwrap();
        let open: Vec<&str> =
            done.lines().filter(|line| !line.trim_start().starts_with("internal ")).collect();
        assert_eq!(open, [""], "{done}");
        assert!(finish(text.replace("object UniffiWithHandle", "")).is_err());
    }
}
