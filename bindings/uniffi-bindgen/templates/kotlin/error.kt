{{ docs }}sealed class {{ name }} : RuntimeException() {
    // Unchecked: `Iterator` declares no checked exceptions, so Java could not catch one around a loop over a pager.

    /** The details of the error, the same for every subclass. */
    abstract val failure: Failure

    /** A one-line summary, suitable for logs. The same as `failure.summary`. */
    final override val message: String
        get() = failure.summary

    /**
     * The thread was interrupted during a blocking call. The request is closed, and the thread is still interrupted.
     *
     * The service may have executed the operation. The asynchronous client does not throw this: its calls are cancelled
     * with their coroutine or future.
     */
    class Cancelled internal constructor(override val failure: Failure) : {{ name }}()
{% for (docs, variant) in variants %}
{{ docs }}    class {{ variant }}(override val failure: Failure) : {{ name }}()
{% endfor -%}
}

