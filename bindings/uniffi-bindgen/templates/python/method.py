{%- for overload in overloads %}
    @overload
{%- if let Some(decorator) = decorator %}
    @{{ decorator }}
{%- endif %}
    {% if is_async %}async {% endif %}def {{ name }}({{ receiver }}{% for parameter in overload %}, {{ parameter }}{% endfor %}) -> {{ returns }}: ...
{% endfor %}
{%- if let Some(decorator) = decorator %}
    @{{ decorator }}
{%- endif %}
{%- if is_property %}
    @property
{%- endif %}
    {% if is_async %}async {% endif %}def {{ name }}({{ receiver }}{% for parameter in parameters %}, {{ parameter }}{% endfor %}) -> {{ returns }}:
{{ docs.docstring(8) }}
{%- for line in body %}        {{ line }}
{% endfor -%}
