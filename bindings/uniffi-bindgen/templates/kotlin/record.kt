{{ docs }}{% if has_json %}@Serializable(with = {{ name }}.Companion::class)
{% endif %}{{ visibility }}data class {{ name }}{% if overloads %} @JvmOverloads constructor{% endif %}(
{%- for field in fields %}
{{ field.docs }}    val {{ field.name }}: {{ field.kind }}{% if let Some(default) = field.default %} = {{ default }}{% endif %},
{%- endfor %}
){{ supertypes }}
{%- if has_json || !members.is_empty() %} {
{%- for member in members %}
{{ member }}
{%- endfor %}
{%- if has_json %}
{% include "kotlin/json.kt" %}
{%- endif %}
}
{%- endif %}

