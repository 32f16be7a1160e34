//! Errors: `message` is the summary from the core, and every exception is a `ScalekitException`.

use super::text::{class, cut};
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
";

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
    without_internal_exception(text)
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
             {BASE}    class Closed(\n{VARIANT}\n{printed}\n}}\n"
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
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(sample("")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
