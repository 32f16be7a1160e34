package rs.scalekit

/**
 * The error of a call on a closed client whose handle is freed.
 *
 * While the handle exists, the core returns the same error.
 */
internal fun closedError(): ScalekitException = ScalekitException.Closed(localFailure("the client is closed"))

/** The error that the generated code throws for a defect in the native library. */
internal fun internalError(what: String): ScalekitException =
    ScalekitException.Internal(localFailure("internal error: $what"))

private fun localFailure(summary: String) = Failure(
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
