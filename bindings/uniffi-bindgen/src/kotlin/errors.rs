//! Errors: `message` is the summary from the core, and every exception is a `ScalekitException`.

use super::text::{class, cut, span};
use crate::edit::{Edited, replace};

const BASE: &str = "sealed class ScalekitException: kotlin.Exception() {\n";

/// Unchecked: `Iterator` declares no checked exceptions, so Java could not catch one around a loop over a pager.
const NEW_BASE: &str = "sealed class ScalekitException: kotlin.RuntimeException() {
    /**
     * The details of the error, the same for every subclass.
     */
    abstract val failure: Failure

    /**
     * A one-line summary, suitable for logs. The same as `failure.summary`.
     */
    final override val message: kotlin.String get() = failure.summary

    /**
     * The thread was interrupted during a blocking call. The request is closed, and the thread is still interrupted.
     *
     * The service may have executed the operation. The asynchronous client does not throw this: its calls are cancelled
     * with their coroutine or future.
     */
    class Cancelled internal constructor(override val failure: Failure) : ScalekitException()
";

/// Errors are only received.
const WRITING: (&str, &str) = (
    "    override fun allocationSize(value: ScalekitException): ULong {\n",
    "    }.let { /* this makes the `when` an expression, which ensures it is exhaustive */ }\n    }\n",
);

const NOT_WRITTEN: &str = "    override fun allocationSize(value: ScalekitException): ULong = throw internalError(\"an error is sent\")

    override fun write(value: ScalekitException, buf: ByteBuffer) = throw internalError(\"an error is sent\")
";

/// Names of arguments in messages are those of the core.
const INVALID: &str = "ScalekitException.InvalidArgument(\n";

/// The records in an error. An exception of Java can be serialized.
const SERIALIZED: [&str; 2] = ["Failure", "FieldViolation"];

const VARIANT: &str = "        val `failure`: Failure
        ) : ScalekitException() {
        override val message
            get() = \"failure=${ `failure` }\"
    }
";

const NEW_VARIANT: &str = "        override val `failure`: Failure
        ) : ScalekitException()
";

pub fn finish(text: String) -> Edited {
    let variants = text.matches(") : ScalekitException() {").count().max(1);
    let text = replace(text, variants, VARIANT, NEW_VARIANT)?;
    let text = replace(text, 1, BASE, NEW_BASE)?;
    // The default `toString` prints class and message, which is what a log should show.
    let text = class(text, "ScalekitException", |error| {
        cut(
            error,
            "    // The local Rust `Display`/`Debug` implementation.\n    override fun toString()",
            "\n    }\n",
        )
    })?;
    let writing = span(&text, WRITING.0, WRITING.1)?;
    let mut text = text;
    text.replace_range(writing, NOT_WRITTEN);
    let text = with_kotlin_names(text)?;
    without_internal_exception(text)
}

/// Makes the fields of errors serializable. Comes after the steps that read records.
pub fn serialized(text: String) -> Edited {
    SERIALIZED.into_iter().try_fold(text, serializable)
}

/// Writes the names of arguments in messages as Kotlin does.
fn with_kotlin_names(text: String) -> Edited {
    let start = text.find(INVALID).ok_or("no InvalidArgument is read")?;
    let read = "FfiConverterTypeFailure.read(buf),";
    let at = start + text[start..].find(read).ok_or("InvalidArgument has no failure")?;
    Ok(format!("{}inKotlin(FfiConverterTypeFailure.read(buf)),{}", &text[..at], &text[at + read.len()..]))
}

fn serializable(text: String, name: &str) -> Edited {
    let start = text.find(&format!("\ndata class {name} (\n")).ok_or_else(|| format!("no record {name}"))?;
    let end = start + text[start..].find("\n){").ok_or_else(|| format!("record {name} has no end"))?;
    Ok(format!("{}\n): java.io.Serializable {{{}", &text[..end], &text[end + "\n){".len()..]))
}

/// Replaces the generator's own exception, which reports a defect in the core, by `ScalekitException.Internal`.
fn without_internal_exception(text: String) -> Edited {
    let text =
        replace(text, 1, "class InternalException(message: String) : kotlin.Exception(message)\n", "")?;
    let text = replace(
        text,
        1,
        "UniffiRustCallStatusErrorHandler<InternalException>",
        "UniffiRustCallStatusErrorHandler<ScalekitException>",
    )?;
    let text = replace(text, 1, "): InternalException {", "): ScalekitException {")?;
    let made = text.matches("InternalException(").count().max(1);
    replace(text, made, "InternalException(", "internalError(")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(printed: &str) -> String {
        format!(
            "class InternalException(message: String) : kotlin.Exception(message)\n\
             object Null: UniffiRustCallStatusErrorHandler<InternalException> {{\n    \
             override fun lift(b: B): InternalException {{\n        return InternalException(\"x\")\n    }}\n}}\n\
             {BASE}    class Closed(\n{VARIANT}\n{printed}\n}}\n\
             18 -> {INVALID}    FfiConverterTypeFailure.read(buf),\n{}x\n{}",
            WRITING.0, WRITING.1
        )
    }

    #[test]
    fn exception_message_is_the_failure_summary() {
        let printed = "    // The local Rust `Display`/`Debug` implementation.\n    override fun toString(): String {\n        x\n    }\n";
        let done = finish(sample(printed)).unwrap();
        assert!(done.contains("message: kotlin.String get() = failure.summary"), "{done}");
        assert!(
            done.contains("override val `failure`: Failure\n        ) : ScalekitException()\n"),
            "{done}"
        );
        assert!(done.contains("return internalError(\"x\")"), "{done}");
        assert!(!done.contains("InternalException") && !done.contains("toString"), "{done}");
        assert!(done.contains("inKotlin(FfiConverterTypeFailure.read(buf)),"), "{done}");
        assert!(done.contains("    class Cancelled internal") && done.ends_with(NOT_WRITTEN), "{done}");
    }

    #[test]
    fn records_of_errors_are_serializable() {
        let records = "\ndata class Failure (\n    val `a`: A\n){\n}\n\ndata class FieldViolation (\n    val `b`: B\n){\n}\n";
        let done = serialized(records.to_owned()).unwrap();
        assert_eq!(done.matches("\n): java.io.Serializable {\n}").count(), 2, "{done}");
        assert!(serialized(String::new()).is_err());
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(sample("")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
