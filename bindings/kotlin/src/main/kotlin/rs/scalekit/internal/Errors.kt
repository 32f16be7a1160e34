package rs.scalekit.internal

import rs.scalekit.Failure
import rs.scalekit.FailureSource
import rs.scalekit.ScalekitException

/**
 * The error of a call on a closed client whose handle is freed.
 *
 * While the handle exists, the core returns the same error.
 */
internal fun closedError(): ScalekitException = ScalekitException.Closed(localFailure("the client is closed"))

/** The error that the generated code throws for a defect in the native library. */
internal fun internalError(what: String): ScalekitException =
    ScalekitException.Internal(localFailure("internal error: $what"))

/** The error of a call whose arguments cannot be passed on. Nothing has been sent. */
internal fun invalidArgument(summary: String): ScalekitException = ScalekitException.InvalidArgument(localFailure(summary))

/** The error of a blocking call whose thread was interrupted. */
internal fun cancelledError(): ScalekitException =
    ScalekitException.Cancelled(localFailure("the thread was interrupted during the call", "interrupted"))

private val snakeCase = Regex("`[a-z0-9_.\\[\\]]+`")
private val nextWord = Regex("_([a-z0-9])")

/** The failure with the names of arguments as Kotlin and Java spell them. */
internal fun inKotlin(failure: Failure): Failure = failure.copy(summary = inKotlin(failure.summary))

/** A message of the core with the names of arguments as Kotlin and Java spell them: `display_name` becomes `displayName`. */
internal fun inKotlin(message: String): String = message.replace(snakeCase) { name ->
    name.value.replace(nextWord) { word -> word.groupValues[1].uppercase() }
}

private fun localFailure(summary: String, code: String? = null) = Failure(
    summary = summary,
    operation = "",
    status = null,
    code = code,
    requestId = null,
    retryAfterSeconds = null,
    retryable = false,
    fieldViolations = emptyList(),
    source = FailureSource.CLIENT,
)
