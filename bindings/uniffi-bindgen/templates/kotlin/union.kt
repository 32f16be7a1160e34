{{ docs }}sealed class {{ name }} {
{%- for variant in variants %}
{{ variant.docs }}    data class {{ variant.name }}(
{%- for (docs, field, kind) in variant.fields %}
{{ docs }}        val {{ field }}: {{ kind }},
{%- endfor %}
    ) : {{ name }}()
{% endfor -%}
}

