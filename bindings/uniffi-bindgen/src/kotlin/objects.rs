//! Classes for objects of the core: final, without a parallel interface, and closeable only if they are clients.
//!
//! The generator makes every object closeable, which burdens callers without a benefit: the garbage collector frees a
//! list of organizations or a secret in a record. Only a client holds connections: its `close()` closes them, and
//! `use { }` works.

use std::ops::Range;

use super::text::{class, cut, raw_objects, signatures, span};
use crate::edit::{Edited, replace};

/// The core's `close`, as `uniffi.toml` renames it. A class that has it is a client.
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

/// Calls in progress keep the object alive. The last of them frees it, or this method if there is none.
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

const DESTROYED_ERROR: &str =
    "throw IllegalStateException(\"${this.javaClass.simpleName} object has already been destroyed\")";

pub fn finish(text: String) -> Edited {
    let names = raw_objects(&text);
    if names.is_empty() {
        return Err("no object class found".into());
    }
    let text = names.iter().try_fold(text, |text, name| finish_class(text, name))?;
    let text = cut(text, "object NoHandle\n", "\n")?;
    let text =
        cut(text, "// Interface implemented by anything that can contain an object reference.\n", "\n}\n\n")?;
    cut(
        text,
        "/**\n * @suppress\n */\ninline fun <T : Disposable?, R> T.use(",
        "            // swallow\n        }\n    }\n",
    )
}

fn finish_class(text: String, name: &str) -> Edited {
    let (text, methods) = without_interface(text, name)?;
    let client = methods.iter().any(|(method, _)| method == "shutdown");
    class(text, name, |text| {
        let header = format!("class {name}: Disposable, AutoCloseable, {name}Interface\n");
        let supertype = if client { ": AutoCloseable" } else { "" };
        let text = replace(text, 1, &header, &format!("class {name}{supertype}\n"))?;
        let text = methods.iter().try_fold(text, |text, method| without_override(text, method))?;
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
        let text = with_hash(with_fence(text)?, name)?;
        if client { closeable(text) } else { not_closeable(text) }
    })
    .map(|text| text.replacen(&format!("\nopen class {name}"), &format!("\nclass {name}"), 1))
}

/// The name of a method, and its parameter list as written.
type Signature = (String, String);

/// Removes the interface and returns the signatures of its methods: only they have the default arguments.
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

/// Removes `override` from a method, and adds its default arguments.
fn without_override(text: String, (name, parameters): &Signature) -> Edited {
    let begin = format!("fun `{name}`(");
    for keyword in ["override suspend ", "override "] {
        if let Some(at) = text.find(&format!("{keyword}{begin}")) {
            let open = at + keyword.len() + begin.len() - 1;
            let end = open + super::text::parameters_len(&text[open..])?;
            let suspend = keyword.trim_start_matches("override ");
            // The generator writes some methods on the last line of their comment.
            let gap = if text[..at].ends_with(['/', ')']) { "\n    " } else { "" };
            let new = format!("{gap}{suspend}{}{parameters}", &begin[..begin.len() - 1]);
            return Ok(format!("{}{new}{}", &text[..at], &text[end..]));
        }
    }
    Err(format!("no method {name}").into())
}

/// Adds a reachability fence. Without it, the garbage collector could collect the object as soon as its handle is read,
/// and free the handle before the core has counted the clone.
fn with_fence(text: String) -> Edited {
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

/// Gives equal objects equal hashes. The hash depends on the class alone, so that it reveals nothing about a secret.
fn with_hash(text: String, name: &str) -> Edited {
    let equals = "    override fun equals(other: Any?): Boolean {\n";
    if !text.contains(equals) || text.contains("override fun hashCode()") {
        return Ok(text);
    }
    let hash = format!("    override fun hashCode(): Int = {name}::class.java.hashCode()\n");
    replace(text, 1, equals, &format!("{hash}{equals}"))
}

/// Moves the documentation of the core's `close` to the public one, which calls it.
fn closeable(text: String) -> Edited {
    let end = text.find(&format!("     */\n    {CLOSE}")).ok_or("no documentation of `close`")?;
    let start = text[..end].rfind("    /**\n").ok_or("no documentation of `close`")?;
    let doc = format!("{}     */\n", &text[start..end]);
    let text = replace(text, 1, &format!("{doc}    {CLOSE}"), &format!("    private {CLOSE}"))?;
    let text = cut(text, DESTROY.0, DESTROY.1)?;
    let text = replace(
        text,
        1,
        "    private inline fun <R> callWithHandle",
        &format!("{doc}{CLIENT_CLOSE}    private inline fun <R> callWithHandle"),
    )?;
    replace(text, 1, DESTROYED_ERROR, "throw closedError()")
}

fn not_closeable(text: String) -> Edited {
    let text = cut(text, DESTROYED.0, DESTROYED.1)?;
    let text = cut(text, DESTROY.0, DESTROY.1)?;
    // Calls are counted only for objects that can be closed.
    let piece = span(&text, "    private inline fun <R> callWithHandle", "    // Use a static inner class")?;
    let call = "    private inline fun <R> callWithHandle(block: (handle: Long) -> R): R = block(this.uniffiCloneHandle())\n\n";
    let mut text = text;
    text.replace_range(piece, &format!("{call}    // Use a static inner class"));
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Generated code, shortened where it is not edited.
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
     * Closes the connections.
     */override fun `list`(`a`: A): B {
    }
}
";

    #[test]
    fn resources_become_plain_classes_without_close() {
        let done = finish_class(CLASS.to_owned(), "Things").unwrap();
        assert!(done.contains("\nclass Things\n{\n    internal constructor("), "{done}");
        assert!(done.contains("     */\n    fun `list`(`a`: A = A()): B {\n"), "{done}");
        assert!(done.contains("reachabilityFence(this)"), "{done}");
        for removed in ["Interface", "Disposable", "AutoCloseable", "fake object", "close()", "wasDestroyed"]
        {
            assert!(!done.contains(removed), "{removed}: {done}");
        }
    }

    #[test]
    fn clients_are_closeable() {
        let text = CLASS.replace("`list`", "`shutdown`").replace("`a`: A = A()", "").replace("`a`: A", "");
        let done = finish_class(text.replace("Things", "Client"), "Client").unwrap();
        assert!(done.contains("\nclass Client: AutoCloseable\n"), "{done}");
        assert!(
            done.contains("    private fun `shutdown`()") && done.contains("throw closedError()"),
            "{done}"
        );
        let close = done.find("override fun close()").unwrap();
        assert!(done[..close].ends_with("Closes the connections.\n     */\n    "), "{done}");
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish_class(CLASS.replace("override fun `", "override  fun `"), "Things").is_err());
        assert!(finish_class(CLASS.replace("protected val handle", "val handle"), "Things").is_err());
        assert!(finish(String::new()).is_err());
    }

    #[test]
    fn equal_objects_have_equal_hashes() {
        let text = "    override fun equals(other: Any?): Boolean {\n";
        assert!(
            with_hash(text.to_owned(), "A").unwrap().starts_with("    override fun hashCode(): Int = A::")
        );
        assert_eq!(with_hash("x".to_owned(), "A").unwrap(), "x");
    }
}
