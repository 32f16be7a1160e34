class {{ name }}(ClosedEnum):
{{ docs }}
{%- for (value, docs) in values %}
    {{ value }} = {{ loop.index }}
{{ docs }}
{% endfor -%}
