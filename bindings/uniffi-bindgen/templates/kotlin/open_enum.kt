{{ docs }}sealed class {{ name }} {
{%- for value in values %}
{{ value.docs }}    data object {{ value.name }} : {{ name }}()
{% endfor %}
    /** A value unknown to this version. */
    data class Unrecognized(
        /** Wire value. */
        val value: String,
    ) : {{ name }}()

    /** Returns the wire value. */
    val wireValue: String
        get() = when (this) {
{%- for value in values %}
            {{ value.name }} -> "{{ value.wire }}"
{%- endfor %}
            is Unrecognized -> value
        }
}

