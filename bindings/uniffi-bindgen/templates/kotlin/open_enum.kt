{{ docs }}@Serializable(with = {{ name }}.Companion::class)
sealed class {{ name }} : OpenEnum() {
{%- for value in values %}
{{ value.docs }}    data object {{ value.name }} : {{ name }}()
{% endfor %}
    /** A value unknown to this version. */
    data class Unrecognized(
        /** Wire value. */
        val value: String,
    ) : {{ name }}()

    override val wireValue: String
        get() = when (this) {
{%- for value in values %}
            {{ value.name }} -> "{{ value.wire }}"
{%- endfor %}
            is Unrecognized -> value
        }

    /** Finds values, and serializes them with kotlinx.serialization. */
    companion object : OpenEnumType<{{ name }}>() {
        @JvmStatic
        @JsonCreator
        override fun of(wireValue: String): {{ name }} = when (wireValue) {
{%- for value in values %}
            "{{ value.wire }}" -> {{ value.name }}
{%- endfor %}
            else -> Unrecognized(wireValue)
        }

        /** Returns the serializer for kotlinx.serialization. */
        fun serializer(): KSerializer<{{ name }}> = this
    }
}

