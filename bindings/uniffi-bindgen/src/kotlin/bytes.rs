//! Passes bytes that the core borrows as a `ByteArray` instead of a direct `java.nio.ByteBuffer`.

use super::text::span;
use crate::edit::{Edited, replace};

const CONVERTER: (&str, &str) = ("// Converter for `&[u8]` / `[ByRef] bytes` arguments.\n", "\n}\n");

/// The generated converter takes a direct buffer, and fails at run time if it receives another kind.
const NEW_CONVERTER: &str = "internal object FfiConverterByRefBytes {
    fun lower(value: kotlin.ByteArray): ForeignBytes.ByValue {
        val bytes = ForeignBytes.ByValue()
        bytes.len = value.size
        if (value.isNotEmpty()) {
            // `bytes` refers to the memory, so it is not freed before the call returns.
            bytes.data = com.sun.jna.Memory(value.size.toLong()).apply { write(0, value, 0, value.size) }
        }
        return bytes
    }
}
";

pub fn finish(mut text: String) -> Edited {
    let converter = span(&text, CONVERTER.0, CONVERTER.1)?;
    text.replace_range(converter, NEW_CONVERTER);
    let parameters = text.matches(": java.nio.ByteBuffer").count();
    replace(text, parameters.max(1), ": java.nio.ByteBuffer", ": kotlin.ByteArray")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "// Converter for `&[u8]` / `[ByRef] bytes` arguments.
public object FfiConverterByRefBytes : FfiConverter<java.nio.ByteBuffer, ForeignBytes.ByValue> {
    override fun lower(value: java.nio.ByteBuffer): ForeignBytes.ByValue {
    }
}
fun `verify`(`body`: java.nio.ByteBuffer, `at`: A)
";

    #[test]
    fn borrowed_bytes_become_a_byte_array() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        assert!(done.starts_with("internal object FfiConverterByRefBytes {\n"), "{done}");
        assert!(done.ends_with("}\nfun `verify`(`body`: kotlin.ByteArray, `at`: A)\n"), "{done}");
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(SAMPLE.replace("// Converter for", "// A converter for")).is_err());
        assert!(finish(SAMPLE.replace("`body`: java.nio.ByteBuffer", "`body`: B")).is_err());
    }
}
