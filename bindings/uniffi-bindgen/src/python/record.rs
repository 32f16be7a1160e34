//! Records: classes with slots, typed and documented fields, and a `repr` that shows the fields.

use std::error::Error;

use super::documentation::Fields;
use super::object::function_heads;
use super::signature::{Parameter, parameters};
use super::text::{Block, documentation};
use crate::edit::{Edited, replace};

/// Whether this block is the class of a record.
pub fn is_record(block: &Block<'_>) -> bool {
    block.lines.first() == Some(&"@dataclass")
}

/// Rewrites the class of a record. The base class `_Record` replaces the methods that UniFFI writes.
pub fn finish(block: &Block<'_>, fields: &Fields) -> Edited {
    let name = block.class().ok_or("a record without a name")?;
    let list = parameters_of(block)?;
    let mut text = format!("class {name}(_Record):\n");
    // Everything before the first function is documentation.
    for line in block.lines[2..].iter().take_while(|line| !line.starts_with("    def ")) {
        text.push_str(line);
        text.push('\n');
    }
    let slots: Vec<_> = list.iter().map(|field| format!("\"{}\",", field.name)).collect();
    text.push_str(&format!("\n    __slots__ = ({})\n", slots.join(" ")));
    for field in &list {
        let annotation =
            field.annotation.as_deref().ok_or_else(|| format!("{name}.{}: no type", field.name))?;
        text.push_str(&format!("\n    {}: {annotation}\n", field.name));
        if let Some(docs) = fields.get(name, &field.name) {
            text.push_str(&documentation("    ", &docs.lines().collect::<Vec<_>>()));
        }
    }
    if !list.is_empty() {
        text.push_str(&constructor(block, &list)?);
    }
    for method in methods(block) {
        text.push_str(&format!("\n{}", finish_method(name, &method)?));
    }
    Ok(text)
}

/// The methods that the core defines: all except those that UniFFI writes for every record.
fn methods(block: &Block<'_>) -> Vec<String> {
    const COMMON: [&str; 3] = ["    def __init__(", "    def __str__(", "    def __eq__("];
    let mut methods: Vec<(bool, Vec<&str>)> = Vec::new();
    for line in &block.lines {
        if line.starts_with("    def ") || line.starts_with("    async def ") {
            methods.push((COMMON.iter().any(|common| line.starts_with(common)), Vec::new()));
        }
        if let Some((_, lines)) = methods.last_mut() {
            lines.push(line);
        }
    }
    let own = methods.into_iter().filter(|(is_common, _)| !is_common);
    own.map(|(_, lines)| lines.join("\n").trim_end().to_owned() + "\n").collect()
}

/// Checks the record before each call, because the program can modify its fields.
fn finish_method(record: &str, text: &str) -> Edited {
    const LOWERED: &str = "        _uniffi_lowered_args = (\n";
    let checked = format!("        _UniffiFfiConverterType{record}.check_lower(self)\n{LOWERED}");
    function_heads(&replace(text.to_owned(), 1, LOWERED, &checked)?)
}

fn parameters_of(block: &Block<'_>) -> Result<Vec<Parameter>, Box<dyn Error>> {
    let Some(head) = block.lines.iter().find_map(|line| line.strip_prefix("    def __init__(self, *, "))
    else {
        return Ok(Vec::new());
    };
    Ok(parameters(head.strip_suffix("):").ok_or("a record constructor of several lines")?))
}

fn constructor(block: &Block<'_>, list: &[Parameter]) -> Edited {
    let mut text = "\n    def __init__(\n        self,\n        *,\n".to_owned();
    for field in list {
        let parameter = match is_client_secret(field) {
            true => format!("{}: str | SecretText", field.name),
            false => field.write(),
        };
        text.push_str(&format!("        {parameter},\n"));
    }
    text.push_str("    ) -> None:\n");
    for field in list {
        let name = &field.name;
        let value = if field.has_computed_default() {
            match default_of(block, name)? {
                // To UniFFI, JSON is a text, and its default is the empty text. In Python, the default is `None`.
                "\"\"" if field.annotation.as_deref() == Some("Json") => name.clone(),
                default => format!("{default} if {name} is None else {name}"),
            }
        } else if is_client_secret(field) {
            format!("_secret(\"{name}\", {name})")
        } else {
            name.clone()
        };
        text.push_str(&format!("        self.{name} = {value}\n"));
    }
    Ok(text)
}

/// Whether the field is a required client secret, which the constructor also accepts as text.
fn is_client_secret(field: &Parameter) -> bool {
    field.name == "client_secret"
        && field.annotation.as_deref() == Some("SecretText")
        && field.default.is_none()
}

/// The default of a field, from `if x is _DEFAULT:` and, on the next line, `self.x = {}`.
fn default_of<'a>(block: &Block<'a>, name: &str) -> Result<&'a str, Box<dyn Error>> {
    let at = block.lines.iter().position(|line| line.trim() == format!("if {name} is _DEFAULT:"));
    let next = at.and_then(|at| block.lines.get(at + 1)).map(|line| line.trim());
    let default = next.and_then(|line| line.strip_prefix(format!("self.{name} = ").as_str()));
    default.ok_or_else(|| format!("no default for the field {name}").into())
}

/// Edits the converter of a record so that it rejects other types, and rejects invalid fields by name.
pub fn finish_converter(block: &Block<'_>, record: &str, fields: usize) -> Edited {
    let (mut text, mut checked) = (String::new(), 0);
    for line in block.text().lines() {
        let check = line.trim().split_once(".check_lower(value.").map(|(c, f)| (c, f.trim_end_matches(')')));
        if let Some((converter, field)) = check {
            text.push_str(&format!("        _check(\"{field}\", {converter}, value.{field})\n"));
            checked += 1;
            continue;
        }
        text.push_str(line);
        text.push('\n');
        if line == "    def check_lower(value):" {
            text.push_str(&format!("        _check_type(value, {record})\n"));
        }
    }
    if checked != fields || !text.contains("_check_type(") {
        return Err(format!("the converter of {record} checks {checked} fields of {fields}").into());
    }
    Ok(text)
}

/// Whether the record has a required field.
pub fn has_required_field(block: &Block<'_>) -> Result<bool, Box<dyn Error>> {
    Ok(parameters_of(block)?.iter().any(|field| field.default.is_none()))
}

/// The number of fields of the record.
pub fn field_count(block: &Block<'_>) -> Result<usize, Box<dyn Error>> {
    Ok(parameters_of(block)?.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::text::blocks;

    const RECORD: &str = r#"@dataclass
class Thing:
    """A thing."""
    def __init__(self, *, id:str, tags:dict[str, str] = _DEFAULT, size:typing.Optional[int] = None):
        self.id = id
        if tags is _DEFAULT:
            self.tags = {}
        else:
            self.tags = tags
        self.size = size

    def __str__(self):
        return "Thing"
    def __eq__(self, other):
        return True
"#;

    const FINISHED: &str = r#"class Thing(_Record):
    """A thing."""

    __slots__ = ("id", "tags", "size",)

    id: str
    """Its ID."""

    tags: dict[str, str]

    size: int | None

    def __init__(
        self,
        *,
        id: str,
        tags: dict[str, str] | None = None,
        size: int | None = None,
    ) -> None:
        self.id = id
        self.tags = {} if tags is None else tags
        self.size = size
"#;

    fn first(text: &str) -> Block<'_> {
        blocks(text).unwrap().remove(0)
    }

    #[test]
    fn record_gets_slots_types_and_docs() {
        let fields = Fields::from([("Thing", "id", "Its ID.")]);
        assert_eq!(finish(&first(RECORD), &fields).unwrap(), FINISHED);
        assert_eq!(field_count(&first(RECORD)).unwrap(), 3);
        assert!(has_required_field(&first(RECORD)).unwrap());
        assert!(!has_required_field(&first(&RECORD.replace("id:str,", "id:str = \"\","))).unwrap());
    }

    #[test]
    fn omitted_json_is_none() {
        let json = RECORD.replace("dict[str, str]", "Json").replace("self.tags = {}", "self.tags = \"\"");
        let text = finish(&first(&json), &Fields::from([("Thing", "id", "Its ID.")])).unwrap();
        assert!(text.contains("        tags: Json | None = None,\n"), "{text}");
        assert!(text.contains("        self.tags = tags\n"), "{text}");
    }

    #[test]
    fn client_secret_may_be_text() {
        let record =
            RECORD.replace("id:str", "client_secret:SecretText").replace("self.id = id", "self.x = x");
        let text = finish(&first(&record), &Fields::default()).unwrap();
        assert!(text.contains("\n    client_secret: SecretText\n"), "{text}");
        assert!(text.contains("        client_secret: str | SecretText,\n"), "{text}");
        let assignment = "        self.client_secret = _secret(\"client_secret\", client_secret)\n";
        assert!(text.contains(assignment), "{text}");
        let other = finish(&first(&record.replace("client_secret", "code")), &Fields::default()).unwrap();
        assert!(
            other.contains("        code: SecretText,\n") && other.contains("self.code = code\n"),
            "{other}"
        );
    }

    #[test]
    fn unknown_record_shape_is_rejected() {
        let more = RECORD.to_owned() + "    def more(self):\n        pass\n";
        assert!(finish(&first(&more), &Fields::default()).is_err());
        let odd = RECORD.replace("self.tags = {}", "self.tags: dict = {}");
        assert!(finish(&first(&odd), &Fields::default()).is_err());
    }

    #[test]
    fn core_methods_are_kept() {
        let method = "    def copy(self, ) -> Thing:\n        _uniffi_lowered_args = (\n            C.lower(self),\n        )\n        \
                      _uniffi_lift_return = C.lift\n        _uniffi_error_converter = None\n        \
                      _uniffi_ffi_result = _uniffi_rust_call_with_error(\n            _UniffiLib.copy,\n        )\n        \
                      return _uniffi_lift_return(_uniffi_ffi_result)\n";
        let block = RECORD.replace("    def __str__", &format!("{method}\n    def __str__"));
        let text = finish(&first(&block), &Fields::from([("Thing", "id", "Its ID.")])).unwrap();
        let kept = "    def copy(self) -> Thing:\n        _check(\"self\", _UniffiFfiConverterTypeThing, self)\n        \
                    return C.lift(_uniffi_rust_call_with_error(None, _UniffiLib.copy, C.lower(self)))\n";
        assert_eq!(text, format!("{FINISHED}\n{kept}"));
    }

    #[test]
    fn converter_check_names_field() {
        let text = "class _C(_B):\n    def check_lower(value):\n        S.check_lower(value.id)\n";
        let finished = finish_converter(&first(text), "Thing", 1).unwrap();
        let check = "        _check_type(value, Thing)\n        _check(\"id\", S, value.id)\n";
        assert_eq!(finished, format!("class _C(_B):\n    def check_lower(value):\n{check}"));
        assert!(finish_converter(&first(text), "Thing", 2).is_err());
    }
}
