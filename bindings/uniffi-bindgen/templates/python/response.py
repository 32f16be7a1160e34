class {{ name }}({% if items.is_some() %}Page{% else %}Response{% endif %}):
{{ docs }}
    __slots__ = ()
    _fields = (
{%- for field in fields %}
        "{{ field.spec }}",
{%- endfor %}
    )
{%- if let Some((field, _)) = items %}
    _items = "{{ field }}"
{%- endif %}

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
{%- for field in fields %}
            {{ field.name }}: {{ field.optional_input() }} = None,
{%- endfor %}
        ) -> None: ...
{%- for field in fields %}

    @property
    def {{ field.name }}(self) -> {{ field.annotation }}:
{{ field.docstring(8) }}        return {{ field.read }}
{%- endfor %}
{%- if let Some((_, item)) = items %}

    if TYPE_CHECKING:

        def __iter__(self) -> Iterator[{{ item }}]: ...

        def auto_paging_iter(self) -> Iterator[{{ item }}]: ...

        def auto_paging_iter_async(self) -> AsyncIterator[{{ item }}]: ...
{%- endif %}
{%- for method in methods %}

{{ method }}
{%- endfor %}
