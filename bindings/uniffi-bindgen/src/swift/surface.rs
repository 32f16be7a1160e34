//! The public API: classes are final, and the generator's internals are hidden.

use heck::ToLowerCamelCase;

use crate::edit::{Edited, replace};
use crate::interface::{
    CALLBACK_FOR_RUNTIMES, FUNCTIONS_FOR_RUNTIMES, FUNCTIONS_FOR_SWIFT, OBJECT_FOR_RUNTIMES,
    RECORD_FOR_RUNTIMES,
};
use crate::swift::text;

/// The start of a generated class: a constructor for fakes, which crash when they are used, and public access to the
/// handle.
const NO_HANDLE: &str = "    /// Used to instantiate a [FFIObject] without an actual handle, for fakes in tests, mostly.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public struct NoHandle {
        public init() {}
    }

    // TODO: We'd like this to be `private` but for Swifty reasons,
    // we can't implement `FfiConverter` without making this `required` and we can't
    // make it `required` without making it `public`.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    required public init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    // This constructor can be used to instantiate a fake object.
    // - Parameter noHandle: Placeholder value so we can have a constructor separate from the default empty one that may be implemented for classes extending [FFIObject].
    //
    // - Warning:
    //     Any object instantiated with this constructor cannot be passed to an actual Rust-backed object. Since there isn't a backing handle the FFI lower functions will crash.
#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public init(noHandle: NoHandle) {
        self.handle = 0
    }

#if swift(>=5.8)
    @_documentation(visibility: private)
#endif
    public func uniffiCloneHandle() -> UInt64 {
";

const HANDLE: &str = "    fileprivate init(unsafeFromHandle handle: UInt64) {
        self.handle = handle
    }

    fileprivate func uniffiCloneHandle() -> UInt64 {
";

const MOCK: &str = "        if handle == 0 {
            // Mock objects have handle=0 don't try to free them
            return
        }

";

/// The generator's internals, to hide: they are public for modules that share types, and this one shares none.
const HIDDEN: [(&str, &str); 4] = [
    ("\npublic struct FfiConverterType", "\nfileprivate struct FfiConverterType"),
    ("\npublic func FfiConverterType", "\nfileprivate func FfiConverterType"),
    ("\npublic func FfiConverterCallback", "\nfileprivate func FfiConverterCallback"),
    ("\npublic func uniffiEnsure", "\nfileprivate func uniffiEnsure"),
];

/// Declarations that only the runtimes of the packages use.
fn for_runtimes() -> Vec<String> {
    let functions = FUNCTIONS_FOR_RUNTIMES.iter().chain(&FUNCTIONS_FOR_SWIFT);
    let functions = functions.map(|name| format!("func {}(", name.to_lower_camel_case()));
    let (object, record) = (OBJECT_FOR_RUNTIMES, RECORD_FOR_RUNTIMES);
    let types = [
        format!("final class {object}:"),
        format!("protocol {object}Protocol:"),
        format!("protocol {CALLBACK_FOR_RUNTIMES}:"),
        format!("struct {record}:"),
    ];
    functions.chain(types).collect()
}

pub fn finish(text: String) -> Edited {
    let classes = text::declared(&text, "open class").len();
    let text = replace(text, classes, NO_HANDLE, HANDLE)?;
    let mut text = replace(text, classes, MOCK, "")?;
    for (public, hidden) in HIDDEN {
        let times = text.matches(public).count();
        text = replace(text, times.max(1), public, hidden)?;
    }
    let mut finals = 0;
    let text = text::lines(&text, |line| match line.strip_prefix("open ") {
        Some(rest) if rest.starts_with("class ") => {
            finals += usize::from(rest.contains(", @unchecked Sendable"));
            format!("public final {}", rest.replace(", @unchecked Sendable", ", Sendable"))
        }
        Some(rest) => format!("public {rest}"),
        None => line.to_owned(),
    });
    if finals != classes {
        return Err(format!("{finals} of {classes} classes are final").into());
    }
    for_runtimes().into_iter().try_fold(text, |text, declaration| {
        replace(text, 1, &format!("\npublic {declaration}"), &format!("\nfileprivate {declaration}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated() -> String {
        let class = format!(
            "@unchecked Sendable, Equatable {{\n{NO_HANDLE}    }}\n{MOCK}open func close() {{\n}}\n}}\n"
        );
        let for_runtimes =
            for_runtimes().into_iter().map(|declaration| match declaration.strip_prefix("final ") {
                Some(declared) => format!("open {declared} CompletionsProtocol, {class}"),
                None => format!("public {declaration} {{\n}}\n"),
            });
        format!(
            "open class A: AProtocol, {class}\
             public struct FfiConverterTypeA {{\n}}\npublic func FfiConverterTypeA_lift() {{\n}}\n\
             public func FfiConverterCallbackInterfaceB_lift() {{\n}}\n\
             public func uniffiEnsureScalekitInitialized() {{\n}}\n{}",
            for_runtimes.collect::<String>()
        )
    }

    #[test]
    fn classes_are_final_and_internals_are_hidden() {
        let text = finish(generated()).unwrap();
        assert!(text.starts_with("public final class A: AProtocol, Sendable, Equatable {"), "{text}");
        assert!(text.contains("\npublic func close() {\n") && !text.contains("NoHandle"), "{text}");
        assert!(text.contains("\nfileprivate func FfiConverterTypeA_lift()"), "{text}");
        for hidden in [
            "func FfiConverterCallbackInterfaceB_lift()",
            "func rowsOf(",
            "final class Completions: CompletionsProtocol, Sendable",
            "protocol LogHandler:",
            "struct LogEvent:",
        ] {
            assert!(text.contains(&format!("\nfileprivate {hidden}")), "{hidden}: {text}");
        }
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(generated().replace("@unchecked ", "")).is_err());
        assert!(finish(generated().replace("handle == 0", "handle == 1")).is_err());
        assert!(finish(generated().replace("public func rowsOf(", "func rowsOf(")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
