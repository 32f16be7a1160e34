//! Errors: the message is the sentence that the core wrote, and nothing else can be thrown.

use super::text::{class, cut};
use crate::edit::{Edited, replace};

const BASE: &str = "sealed class ScalekitException: kotlin.Exception() {\n";

/// Unchecked, since Java could not catch a checked one around an iteration over a pager.
const NEW_BASE: &str = "sealed class ScalekitException: kotlin.RuntimeException() {
    /**
     * What is known about it, whichever class it is.
     */
    abstract val failure: Failure

    /**
     * `failure.summary`: one finished sentence, fit for a log.
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
    // What Kotlin prints by itself, the class and the message, is what people look for in a log.
    let text = class(text, "ScalekitException", |error| {
        cut(
            error,
            "    // The local Rust `Display`/`Debug` implementation.\n    override fun toString()",
            "\n    }\n",
        )
    })?;
    one_family(text)
}

/// What the generator throws when the core breaks a promise is an `Internal` error too.
fn one_family(text: String) -> Edited {
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
    replace(text, made, "InternalException(", "brokenPromise(")
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
    fn the_message_is_the_summary() {
        let printed = "    // The local Rust `Display`/`Debug` implementation.\n    override fun toString(): String {\n        x\n    }\n";
        let done = finish(sample(printed)).unwrap();
        assert!(done.contains("message: kotlin.String get() = failure.summary"), "{done}");
        assert!(
            done.contains("override val `failure`: Failure\n        ) : ScalekitException()\n"),
            "{done}"
        );
        assert!(done.contains("return brokenPromise(\"x\")"), "{done}");
        assert!(!done.contains("InternalException") && !done.contains("toString"), "{done}");
    }

    #[test]
    fn another_text_is_refused() {
        assert!(finish(sample("")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
