//! Cancelling a task cancels its call; the code that UniFFI generates would keep waiting.

use crate::edit::{Edited, replace};
use crate::swift::text;

const FREE: &str = "freeFunc: ffi_scalekit_rust_future_free_";

const POLL: &str = "    defer {
        freeFunc(rustFuture)
    }
    var pollResult: Int8;
    repeat {
        pollResult = await withUnsafeContinuation {
            pollFunc(
                rustFuture,
                { handle, pollResult in
                    uniffiFutureContinuationCallback(handle: handle, pollResult: pollResult)
                },
                uniffiContinuationHandleMap.insert(obj: $0)
            )
        }
    } while";

const POLL_UNTIL_CANCELLED: &str =
    "    let running = UniffiRunningFuture(rustFuture, cancel: cancelFunc, free: freeFunc)
    defer {
        running.free()
    }
    var pollResult: Int8;
    repeat {
        pollResult = await withTaskCancellationHandler {
            await withUnsafeContinuation {
                pollFunc(
                    rustFuture,
                    { handle, pollResult in
                        uniffiFutureContinuationCallback(handle: handle, pollResult: pollResult)
                    },
                    uniffiContinuationHandleMap.insert(obj: $0)
                )
            }
        } onCancel: {
            running.cancel()
        }
    } while";

const RUNNING: &str = "/// A Rust future in progress. A task may be cancelled on one thread while its call completes on another: the lock
/// prevents the cancellation of a freed future.
fileprivate final class UniffiRunningFuture: @unchecked Sendable {
    private let lock = NSLock()
    private var handle: UInt64?
    private let cancelFunc: (UInt64) -> ()
    private let freeFunc: (UInt64) -> ()

    init(_ handle: UInt64, cancel: @escaping (UInt64) -> (), free: @escaping (UInt64) -> ()) {
        self.handle = handle
        self.cancelFunc = cancel
        self.freeFunc = free
    }

    func cancel() {
        lock.withLock {
            if let handle { cancelFunc(handle) }
        }
    }

    func free() {
        lock.withLock {
            if let handle { freeFunc(handle) }
            handle = nil
        }
    }
}

fileprivate func uniffiRustCallAsync<F, T>(";

pub fn finish(text: String) -> Edited {
    let calls = text.matches("await uniffiRustCallAsync(").count();
    let mut freed = 0;
    let text = text::lines(&text, |line| match line.trim_start().strip_prefix(FREE) {
        Some(kind) => {
            freed += 1;
            let indent = &line[..line.len() - line.trim_start().len()];
            format!("{line}\n{indent}cancelFunc: ffi_scalekit_rust_future_cancel_{kind}")
        }
        None => line.to_owned(),
    });
    if calls == 0 || freed != calls {
        return Err(format!("{calls} asynchronous calls, but {freed} of them free their future").into());
    }
    let parameter = "    freeFunc: (UInt64) -> (),\n";
    let both = "    freeFunc: @escaping (UInt64) -> (),\n    cancelFunc: @escaping (UInt64) -> (),\n";
    let text = replace(text, 1, parameter, both)?;
    let text = replace(text, 1, POLL, POLL_UNTIL_CANCELLED)?;
    let text = replace(text, 1, "fileprivate func uniffiRustCallAsync<F, T>(", RUNNING)?;
    replace(text, 1, "fatalError(\"Cancellation not supported yet\")", "throw CancellationError()")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated(call: &str) -> String {
        format!(
            "    await uniffiRustCallAsync(\n        {call}\n    )\n\
             fileprivate func uniffiRustCallAsync<F, T>(\n    freeFunc: (UInt64) -> (),\n{POLL} x\n\
             fatalError(\"Cancellation not supported yet\")\n"
        )
    }

    #[test]
    fn every_async_call_can_be_cancelled() {
        let text = finish(generated("freeFunc: ffi_scalekit_rust_future_free_void,")).unwrap();
        assert!(text.contains("        cancelFunc: ffi_scalekit_rust_future_cancel_void,\n"), "{text}");
        assert!(text.contains("running.cancel()") && text.contains("throw CancellationError()"), "{text}");
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(generated("freeFunc: something_else,")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
