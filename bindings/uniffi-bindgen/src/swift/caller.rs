//! Sets the language in the `user-agent` before the first call.

use crate::edit::{Edited, replace};

const READY: &str = "\n    return InitializationResult.ok\n}()\n";

const IDENTIFIED: &str = "
    uniffiIdentifyCaller()
    return InitializationResult.ok
}()

/// Does not use `rustCall`, which waits for the initialization that this function is part of.
private func uniffiIdentifyCaller() {
    var status = RustCallStatus()
    func buffer(_ text: String) -> RustBuffer {
        Array(text.utf8).withUnsafeBufferPointer {
            ffi_scalekit_rustbuffer_from_bytes(ForeignBytes(bufferPointer: $0), &status)
        }
    }
    let (language, version) = (buffer(\"swift\"), buffer(compilerVersion))
    uniffi_scalekit_fn_func_identify_caller(language, version, &status)
}
";

pub fn finish(text: String) -> Edited {
    let text = replace(text, 1, READY, IDENTIFIED)?;
    // Only the initialization calls it.
    replace(text, 1, "\npublic func identifyCaller(", "\nfileprivate func identifyCaller(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initialization_identifies_the_caller() {
        let text = finish(format!("x{READY}\npublic func identifyCaller(language: String)")).unwrap();
        assert!(text.contains("uniffiIdentifyCaller()\n    return InitializationResult.ok"), "{text}");
        assert!(text.contains("\nfileprivate func identifyCaller("), "{text}");
        assert!(finish("unrelated".into()).is_err());
    }
}
