{{ docs }}@Serializable(with = {{ name }}.Companion::class)
sealed class {{ name }} : ScalekitRecord() {
{%- for variant in variants %}
{{ variant.docs }}    data class {{ variant.name }}(
{%- for (docs, field, kind) in variant.fields %}
{{ docs }}        val {{ field }}: {{ kind }},
{%- endfor %}
    ) : {{ name }}()
{% endfor %}
{% include "kotlin/json.kt" %}
}
