//! How calls and futures reach the core: with memory that is kept, and without running a caller's code on its threads.

use super::text::cut;
use crate::edit::{Edited, replace};

const CALL: &str = "    var status = UniffiRustCallStatus()
    val return_value = callback(status)
    uniffiCheckCallStatus(errorHandler, status)
";

const NEW_CALL: &str = "    val status = CallStatus.prepare()
    val return_value = callback(status)
    if (!CallStatus.isSuccess(status)) uniffiCheckCallStatus(errorHandler, CallStatus.read(status))
";

/// The functions that take a function which makes a call.
const MAKING_CALLS: [(&str, &str); 3] = [
    (
        "errorHandler: UniffiRustCallStatusErrorHandler<E>, callback: (UniffiRustCallStatus) -> U)",
        "errorHandler: UniffiRustCallStatusErrorHandler<E>, callback: (ByteBuffer) -> U)",
    ),
    (
        "fun <U> uniffiRustCall(callback: (UniffiRustCallStatus) -> U)",
        "fun <U> uniffiRustCall(callback: (ByteBuffer) -> U)",
    ),
    (
        "    completeFunc: (Long, UniffiRustCallStatus) -> F,\n",
        "    completeFunc: (Long, ByteBuffer) -> F,\n",
    ),
];

const STATUS: (&str, &str) = ("uniffi_out_err: UniffiRustCallStatus,", "uniffi_out_err: ByteBuffer,");

const CONTINUATIONS: (&str, &str) = (
    "internal val uniffiContinuationHandleMap = UniffiHandleMap<CancellableContinuation<Byte>>()\n",
    "        uniffiContinuationHandleMap.remove(data).resume(pollResult)\n    }\n}\n",
);

const POLL: &str = "            val pollResult = suspendCancellableCoroutine<Byte> { continuation ->
                pollFunc(
                    rustFuture,
                    uniffiRustFutureContinuationCallbackImpl,
                    uniffiContinuationHandleMap.insert(continuation)
                )
            }
";

const NEW_POLL: &str =
    "            val pollResult = Continuations.await { id -> pollFunc(rustFuture, Continuations, id) }\n";

/// The end of an asynchronous call.
const FREE: &str = "        freeFunc(rustFuture)\n";

const NEW_FREE: &str = "        freeFunc(rustFuture)\n        logEvents()\n";

pub fn finish(text: String) -> Edited {
    let text = replace(text, 1, CALL, NEW_CALL)?;
    let text = replace(text, 1, FREE, NEW_FREE)?;
    let text = MAKING_CALLS.into_iter().try_fold(text, |text, (from, to)| replace(text, 1, from, to))?;
    let functions = text.matches(STATUS.0).count().max(1);
    let text = replace(text, functions, STATUS.0, STATUS.1)?;
    let text = cut(text, CONTINUATIONS.0, CONTINUATIONS.1)?;
    replace(text, 1, POLL, NEW_POLL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> String {
        let making: String = MAKING_CALLS.iter().map(|(from, _)| *from).collect();
        format!(
            "{CALL}{making}{FREE}external fun a(`x`: Long,{}\n{}object\n{}{POLL}",
            STATUS.0, CONTINUATIONS.0, CONTINUATIONS.1
        )
    }

    #[test]
    fn calls_keep_their_status_and_futures_call_the_package() {
        let done = finish(sample()).unwrap();
        assert!(!done.contains("UniffiRustCallStatus()") && !done.contains("HandleMap"), "{done}");
        assert!(done.contains("CallStatus.prepare()") && done.ends_with(NEW_POLL), "{done}");
    }

    #[test]
    fn unexpected_input_is_rejected() {
        for removed in [CALL, FREE, STATUS.0, CONTINUATIONS.0, POLL] {
            assert!(finish(sample().replace(removed, "")).is_err(), "{removed}");
        }
    }
}
