//! Swift says who it is before its first call, whatever that is.

use crate::edit::{Edited, replace};

const READY: &str = "\n    return InitializationResult.ok\n}()\n";

const IDENTIFIED: &str = "
    uniffiIdentifyCaller()
    return InitializationResult.ok
}()

/// Not through `rustCall`, which waits for the initialisation that this is a part of.
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
    // Nobody else has to say it.
    replace(text, 1, "\npublic func identifyCaller(", "\nfileprivate func identifyCaller(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_is_known_before_the_first_call() {
        let text = finish(format!("x{READY}\npublic func identifyCaller(language: String)")).unwrap();
        assert!(text.contains("uniffiIdentifyCaller()\n    return InitializationResult.ok"), "{text}");
        assert!(text.contains("\nfileprivate func identifyCaller("), "{text}");
        assert!(finish("nothing of it".into()).is_err());
    }
}
