//! Classes for objects of the core: final, without a parallel interface, and only clients are closed.
//!
//! The generator makes everything closeable. For a user that is a burden without a gain: a list of organizations or a
//! secret in a record is freed by the garbage collector. A client is what holds connections, so `close()` on it
//! closes those, and `use { }` works.

use std::ops::Range;

use super::text::{class, cut, raw_objects, signatures, span};
use crate::edit::{Edited, replace};

/// What the core's own `close` is called here (see `uniffi.toml`); a class that has it is a client.
pub const CLOSE: &str = "fun `shutdown`()";

const NO_HANDLE: (&str, &str) = (
    "    /**\n     * @suppress\n     *\n     * This constructor can be used to instantiate a fake object.",
    "        this.cleanable = null\n    }\n",
);

const DESTROYED: (&str, &str) =
    ("    private val wasDestroyed = AtomicBoolean(false)\n", "private val callCounter = AtomicLong(1)\n");

const DESTROY: (&str, &str) = (
    "    /**\n     * Whether the current object has been destroyed",
    "    override fun close() {\n        this.destroy()\n    }\n\n",
);

/// Calls under way keep the object alive; the last of them, or this, lets it go.
const CLIENT_CLOSE: &str = "    override fun close() {
        if (this.wasDestroyed.compareAndSet(false, true)) {
            try {
                this.shutdown()
            } finally {
                if (this.callCounter.decrementAndGet() == 0L) {
                    cleanable.clean()
                }
            }
        }
    }

";

const GONE: &str =
    "throw IllegalStateException(\"${this.javaClass.simpleName} object has already been destroyed\")";

pub fn finish(text: String) -> Edited {
    let names = raw_objects(&text);
    if names.is_empty() {
        return Err("no classes for objects".into());
    }
    let text = names.iter().try_fold(text, |text, name| one(text, name))?;
    let text = cut(text, "object NoHandle\n", "\n")?;
    let text =
        cut(text, "// Interface implemented by anything that can contain an object reference.\n", "\n}\n\n")?;
    cut(
        text,
        "/**\n * @suppress\n */\ninline fun <T : Disposable?, R> T.use(",
        "            // swallow\n        }\n    }\n",
    )
}

fn one(text: String, name: &str) -> Edited {
    let (text, methods) = without_interface(text, name)?;
    let client = methods.iter().any(|(method, _)| method == "shutdown");
    class(text, name, |text| {
        let header = format!("class {name}: Disposable, AutoCloseable, {name}Interface\n");
        let closeable = if client { ": AutoCloseable" } else { "" };
        let text = replace(text, 1, &header, &format!("class {name}{closeable}\n"))?;
        let text = methods.iter().try_fold(text, |text, method| own(text, method))?;
        let text = cut(text, NO_HANDLE.0, NO_HANDLE.1)?;
        let text = replace(text, 1, "    constructor(withHandle:", "    internal constructor(withHandle:")?;
        let text = replace(text, 1, "    protected val handle: Long\n", "    private val handle: Long\n")?;
        let text = replace(
            text,
            1,
            "    protected val cleanable: UniffiCleaner.Cleanable?\n",
            "    private val cleanable: UniffiCleaner.Cleanable\n",
        )?;
        let text = replace(
            text,
            1,
            "cleanable?.clean()\n            }\n        }\n    }\n\n    @Sync",
            "cleanable.clean()\n            }\n        }\n    }\n\n    @Sync",
        )?;
        let text = replace(text, 1, "cleanable?.clean()", "cleanable.clean()")?;
        let text = replace(text, 1, "    fun uniffiCloneHandle(", "    internal fun uniffiCloneHandle(")?;
        let text = replace(
            text,
            1,
            "    internal inline fun <R> callWithHandle",
            "    private inline fun <R> callWithHandle",
        )?;
        let text = equality(reachable(text)?, name)?;
        if client { closing(text) } else { never_closed(text) }
    })
    .map(|text| text.replacen(&format!("\nopen class {name}"), &format!("\nclass {name}"), 1))
}

/// The name of a method, and its parameters as they are written.
type Signature = (String, String);

/// Takes the interface away and gives its methods' signatures, for only they hold the defaults.
fn without_interface(
    mut text: String,
    name: &str,
) -> Result<(String, Vec<Signature>), Box<dyn std::error::Error>> {
    let piece = span(&text, &format!("public interface {name}Interface {{\n"), "    companion object\n}\n")?;
    let methods = signatures(&text[piece.clone()])?;
    let start = match text[..piece.start].rfind("/**") {
        Some(doc)
            if text[doc..piece.start].ends_with("*/\n")
                && text[doc..piece.start].matches("*/").count() == 1 =>
        {
            doc
        }
        _ => piece.start,
    };
    text.replace_range(start..piece.end, "");
    Ok((text, methods))
}

/// A method that overrides nothing any more, with its defaults.
fn own(text: String, (name, parameters): &Signature) -> Edited {
    let begin = format!("fun `{name}`(");
    for keyword in ["override suspend ", "override "] {
        if let Some(at) = text.find(&format!("{keyword}{begin}")) {
            let open = at + keyword.len() + begin.len() - 1;
            let end = open + super::text::brackets(&text[open..])?;
            let suspend = keyword.trim_start_matches("override ");
            // The generator writes some methods right behind their comment.
            let gap = if text[..at].ends_with(['/', ')']) { "\n    " } else { "" };
            let new = format!("{gap}{suspend}{}{parameters}", &begin[..begin.len() - 1]);
            return Ok(format!("{}{new}{}", &text[..at], &text[end..]));
        }
    }
    Err(format!("no method {name}").into())
}

/// Nobody may need the object once its handle is read: without a fence the collector could free the handle before the
/// core has counted the copy.
fn reachable(text: String) -> Edited {
    let begin =
        "        return uniffiRustCall() { status ->\n            UniffiLib.uniffi_scalekit_fn_clone_";
    let Range { start, end } = span(&text, begin, "\n        }\n")?;
    let call = text[start..end].replacen("return ", "", 1);
    let fenced = format!(
        "        return try {{\n    {}        }} finally {{\n            java.lang.ref.Reference.reachabilityFence(this)\n        }}\n",
        call.trim_end_matches(' ')
    );
    Ok(format!("{}{fenced}{}", &text[..start], &text[end..]))
}

/// Equal objects have equal hashes; which one says nothing about what a secret holds.
fn equality(text: String, name: &str) -> Edited {
    let equals = "    override fun equals(other: Any?): Boolean {\n";
    if !text.contains(equals) || text.contains("override fun hashCode()") {
        return Ok(text);
    }
    let hash = format!("    override fun hashCode(): Int = {name}::class.java.hashCode()\n");
    replace(text, 1, equals, &format!("{hash}{equals}"))
}

fn closing(text: String) -> Edited {
    let doc = span(&text, "    /**\n     * Lets go of connections and access token", "     */")?;
    let doc = format!("{}\n", &text[doc]);
    let text = replace(text, 1, &format!("{doc}    {CLOSE}"), &format!("    private {CLOSE}"))?;
    let text = cut(text, DESTROY.0, DESTROY.1)?;
    let text = replace(
        text,
        1,
        "    private inline fun <R> callWithHandle",
        &format!("{doc}{CLIENT_CLOSE}    private inline fun <R> callWithHandle"),
    )?;
    replace(text, 1, GONE, "throw clientIsClosed()")
}

fn never_closed(text: String) -> Edited {
    let text = cut(text, DESTROYED.0, DESTROYED.1)?;
    let text = cut(text, DESTROY.0, DESTROY.1)?;
    // Nothing closes it, so nothing has to be counted.
    let piece = span(&text, "    private inline fun <R> callWithHandle", "    // Use a static inner class")?;
    let call = "    private inline fun <R> callWithHandle(block: (handle: Long) -> R): R = block(this.uniffiCloneHandle())\n\n";
    let mut text = text;
    text.replace_range(piece, &format!("{call}    // Use a static inner class"));
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the generator writes, shortened where nothing is edited.
    const CLASS: &str = "/**
 * Doc.
 */
public interface ThingsInterface {
    fun `list`(`a`: A = A()): B
    companion object
}

/**
 * Doc.
 */
open class Things: Disposable, AutoCloseable, ThingsInterface
{
    constructor(withHandle: UniffiWithHandle, handle: Long) {
    }

    /**
     * @suppress
     *
     * This constructor can be used to instantiate a fake object. Only used for tests.
     */
    constructor(noHandle: NoHandle) {
        this.cleanable = null
    }

    protected val handle: Long
    protected val cleanable: UniffiCleaner.Cleanable?

    private val wasDestroyed = AtomicBoolean(false)
    private val callCounter = AtomicLong(1)

    /**
     * Whether the current object has been destroyed or not.
     */
    override fun destroy() {
        if (this.wasDestroyed.compareAndSet(false, true)) {
            if (this.callCounter.decrementAndGet() == 0L) {
                cleanable?.clean()
            }
        }
    }

    @Synchronized
    override fun close() {
        this.destroy()
    }

    internal inline fun <R> callWithHandle(block: (handle: Long) -> R): R {
        throw IllegalStateException(\"${this.javaClass.simpleName} object has already been destroyed\")
        cleanable?.clean()
    }

    // Use a static inner class instead of a closure
    fun uniffiCloneHandle(): Long {
        return uniffiRustCall() { status ->
            UniffiLib.uniffi_scalekit_fn_clone_things(handle, status)
        }
    }

    /**
     * Lets go of connections and access token.
     */override fun `list`(`a`: A): B {
    }
}
";

    #[test]
    fn a_resource_is_a_plain_class() {
        let done = one(CLASS.to_owned(), "Things").unwrap();
        assert!(done.contains("\nclass Things\n{\n    internal constructor("), "{done}");
        assert!(done.contains("     */\n    fun `list`(`a`: A = A()): B {\n"), "{done}");
        assert!(done.contains("reachabilityFence(this)"), "{done}");
        for gone in ["Interface", "Disposable", "AutoCloseable", "fake object", "close()", "wasDestroyed"] {
            assert!(!done.contains(gone), "{gone}: {done}");
        }
    }

    #[test]
    fn a_client_is_closed() {
        let text = CLASS.replace("`list`", "`shutdown`").replace("`a`: A = A()", "").replace("`a`: A", "");
        let done = one(text.replace("Things", "Client"), "Client").unwrap();
        assert!(done.contains("\nclass Client: AutoCloseable\n"), "{done}");
        assert!(
            done.contains("    private fun `shutdown`()") && done.contains("throw clientIsClosed()"),
            "{done}"
        );
        let close = done.find("override fun close()").unwrap();
        assert!(done[..close].ends_with("access token.\n     */\n    "), "{done}");
    }

    #[test]
    fn another_text_is_refused() {
        assert!(one(CLASS.replace("override fun `", "override  fun `"), "Things").is_err());
        assert!(one(CLASS.replace("protected val handle", "val handle"), "Things").is_err());
        assert!(finish(String::new()).is_err());
    }

    #[test]
    fn equal_objects_have_equal_hashes() {
        let text = "    override fun equals(other: Any?): Boolean {\n";
        assert!(
            equality(text.to_owned(), "A").unwrap().starts_with("    override fun hashCode(): Int = A::")
        );
        assert_eq!(equality("x".to_owned(), "A").unwrap(), "x");
    }
}
