//! Bytes that the core borrows: an array, as everybody has it, in place of a buffer of a certain kind.

use super::text::span;
use crate::edit::{Edited, replace};

const CONVERTER: (&str, &str) = ("// Converter for `&[u8]` / `[ByRef] bytes` arguments.\n", "\n}\n");

/// The generator asks callers for a direct buffer, and fails when the program runs if it is given another.
const NEW_CONVERTER: &str = "internal object FfiConverterByRefBytes {
    fun lower(value: kotlin.ByteArray): ForeignBytes.ByValue {
        val bytes = ForeignBytes.ByValue()
        bytes.len = value.size
        if (value.isNotEmpty()) {
            // It lives as long as the argument of the call that points to it.
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
    fn bytes_are_an_array() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        assert!(done.starts_with("internal object FfiConverterByRefBytes {\n"), "{done}");
        assert!(done.ends_with("}\nfun `verify`(`body`: kotlin.ByteArray, `at`: A)\n"), "{done}");
    }

    #[test]
    fn another_text_is_refused() {
        assert!(finish(SAMPLE.replace("// Converter for", "// A converter for")).is_err());
        assert!(finish(SAMPLE.replace("`body`: java.nio.ByteBuffer", "`body`: B")).is_err());
    }
}
