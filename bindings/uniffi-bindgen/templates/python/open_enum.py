class {{ name }}(OpenEnum):
{{ docs }}
    __slots__ = ()
{% for value in values %}
    {{ value.name }}: ClassVar[{{ name }}]
{{ value.docs }}
{% endfor %}
    _known = (
{%- for value in values %}
        ("{{ value.name }}", "{{ value.wire }}"),
{%- endfor %}
    )
