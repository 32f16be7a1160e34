{{ docs }}enum class {{ name }} {
{%- for (docs, value) in values %}
{{ docs }}    {{ value }},
{%- endfor %}
}

