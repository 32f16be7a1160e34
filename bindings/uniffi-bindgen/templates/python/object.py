class {{ name }}({{ base }}):
{{ docs }}
    __slots__ = ()
    _functions = ("{{ clone }}", "{{ free }}")
{%- for member in members %}

{{ member }}
{%- endfor %}
{%- if let Some(equal) = equal %}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, {{ name }}) and {{ equal }}(self, other)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]
{%- endif %}
{%- if let Some(item) = item %}

    if TYPE_CHECKING:
{%- if is_async %}

        def __aiter__(self) -> AsyncIterator[{{ item }}]: ...

        async def __anext__(self) -> {{ item }}: ...
{%- else %}

        def __iter__(self) -> Iterator[{{ item }}]: ...

        def __next__(self) -> {{ item }}: ...
{%- endif %}
{%- endif %}
