class {{ name }}(Request):
{{ docs }}
    __slots__ = ({% for field in fields %}"{{ field.name }}",{% if !loop.last %} {% endif %}{% endfor %})
    _fields = (
{%- for spec in specs %}
        "{{ spec }}",
{%- endfor %}
    )
{% for field in fields %}
    {{ field.name }}: {{ field.attribute }}
{{ field.docstring(4) }}
{%- endfor %}
    def __init__(
        self,
{%- if fields.len() > 0 %}
        *,
{%- endif %}
{%- for field in fields %}
        {{ field.keyword() }},
{%- endfor %}
    ) -> None:
{%- for field in fields %}
        self.{{ field.name }} = {{ field.init }}
{%- endfor %}
{%- if fields.len() == 0 %}
        pass
{%- endif %}
{%- for method in methods %}

{{ method }}
{%- endfor %}
