{{ docs }}{{ visibility }}data class {{ name }}{% if overloads %} @JvmOverloads constructor{% endif %}(
{%- for field in fields %}
{{ field.docs }}    val {{ field.name }}: {{ field.kind }}{% if let Some(default) = field.default %} = {{ default }}{% endif %},
{%- endfor %}
){{ supertype }}
{%- if !members.is_empty() %} {
{%- for member in members %}
{{ member }}
{%- endfor %}
}
{%- endif %}

