package rs.scalekit

/** A call through a client that was closed, and whose handle is gone. The core says the same while the handle lives. */
internal fun clientIsClosed(): ScalekitException = ScalekitException.Closed(local("the client is closed"))

/** The native library did what it must not do; the generated code has no other words for it. */
internal fun brokenPromise(what: String): ScalekitException = ScalekitException.Internal(local("internal error: $what"))

private fun local(summary: String) = Failure(
    summary = summary,
    operation = "",
    status = null,
    code = null,
    requestId = null,
    retryAfterSeconds = null,
    retryable = false,
    fieldViolations = emptyList(),
    source = FailureSource.CLIENT,
)
