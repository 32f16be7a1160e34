{{ docs }}class {{ name }} internal constructor(internal val handle: {{ handle }}){{ supertype }} {
{%- if let Some(item) = item %}
{%- if is_async %}
    /**
     * Returns a flow of the items of all pages. Each page is fetched when its first item is collected.
     *
     * Collecting again continues after the last page that was fetched. After an error it requests the failed page
     * again. Use one collector at a time.
     */
    fun asFlow(): Flow<{{ item }}> = pageFlow(::nextPage)
{% else %}
    private val items = PageIterator(::nextPage)

    /**
     * Returns an iterator over the items of all pages. Each page is fetched when its first item is requested.
     *
     * A pager has one position: a new loop continues where the previous one stopped. After an error it requests the
     * failed page again. After the last item it fails with `IllegalStateException`: the list is read once. Use
     * `asSequence()` for lazy operations. Use one iterator at a time; pagers are not thread-safe.
     */
    override fun iterator(): Iterator<{{ item }}> = items.again()

    /**
     * Returns a sequential stream of the items of all pages, for Java. Like a loop, it continues where the previous one
     * stopped.
     */
    fun stream(): Stream<{{ item }}> = StreamSupport.stream(spliterator(), false)
{% endif %}
{%- endif %}
{%- if let Some(docs) = close %}
{{ docs }}    override fun close() = handle.close { {{ functions }}.close.run(handle) }
{% endif %}
{%- for member in members %}
{{ member }}
{%- endfor %}
{%- if is_printed && close.is_some() %}
    // A client that has been closed can still be printed.
    private val text = {{ functions }}.print.reader(handle).text()

    override fun toString(): String = text
{% else if is_printed %}
    override fun toString(): String = {{ functions }}.print.reader(handle).text()
{% endif %}
{%- if is_compared %}
    override fun equals(other: Any?): Boolean =
        other is {{ name }} && {{ functions }}.equal.boolean(handle) { handle(other.handle) }

    /** Depends on the class alone, so that it reveals nothing about a secret. */
    override fun hashCode(): Int = {{ name }}::class.java.hashCode()
{% endif %}
{%- if !statics.is_empty() %}
    companion object {
{%- for member in statics %}
{{ member }}
{%- endfor %}
    }
{%- endif %}
}
