//! Records: classes with slots, typed and documented fields, and a readable `repr`.

use std::error::Error;

use super::documentation::Fields;
use super::object::function_heads;
use super::signature::{Parameter, parameters};
use super::text::{Block, documentation};
use crate::edit::{Edited, replace};

/// Whether UniFFI wrote this block for a record.
pub fn is_record(block: &Block<'_>) -> bool {
    block.lines.first() == Some(&"@dataclass")
}

/// Writes the class of a record anew. The methods that UniFFI gives it come from the base class `_Record`.
pub fn finish(block: &Block<'_>, fields: &Fields) -> Edited {
    let name = block.class().ok_or("a record without a name")?;
    let list = parameters_of(block)?;
    let mut text = format!("class {name}(_Record):\n");
    // All up to the first function is documentation.
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
        if let Some(words) = fields.get(name, &field.name) {
            text.push_str(&documentation("    ", &words.lines().collect::<Vec<_>>()));
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

/// The methods that the core gives the record: all but those that UniFFI gives to every one.
fn methods(block: &Block<'_>) -> Vec<String> {
    const EVERY: [&str; 3] = ["    def __init__(", "    def __str__(", "    def __eq__("];
    let mut methods: Vec<(bool, Vec<&str>)> = Vec::new();
    for line in &block.lines {
        if line.starts_with("    def ") || line.starts_with("    async def ") {
            methods.push((EVERY.iter().any(|every| line.starts_with(every)), Vec::new()));
        }
        if let Some((_, lines)) = methods.last_mut() {
            lines.push(line);
        }
    }
    let own = methods.into_iter().filter(|(every, _)| !every);
    own.map(|(_, lines)| lines.join("\n").trim_end().to_owned() + "\n").collect()
}

/// A record is open to changes: it is looked at again before it is handed over.
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
    Ok(parameters(head.strip_suffix("):").ok_or("a constructor of a record that goes on")?))
}

fn constructor(block: &Block<'_>, list: &[Parameter]) -> Edited {
    let mut text = "\n    def __init__(\n        self,\n        *,\n".to_owned();
    for field in list {
        text.push_str(&format!("        {},\n", field.write()));
    }
    text.push_str("    ) -> None:\n");
    for field in list {
        let name = &field.name;
        let value = if field.is_left_out() {
            match default_of(block, name)? {
                // What UniFFI knows of JSON is that it is handed over as text; nothing is `null`.
                "\"\"" if field.annotation.as_deref() == Some("Json") => name.clone(),
                default => format!("{default} if {name} is None else {name}"),
            }
        } else {
            name.clone()
        };
        text.push_str(&format!("        self.{name} = {value}\n"));
    }
    Ok(text)
}

/// What a field is when it is left out: `if x is _DEFAULT:`, and on the next line `self.x = {}`.
fn default_of<'a>(block: &Block<'a>, name: &str) -> Result<&'a str, Box<dyn Error>> {
    let at = block.lines.iter().position(|line| line.trim() == format!("if {name} is _DEFAULT:"));
    let next = at.and_then(|at| block.lines.get(at + 1)).map(|line| line.trim());
    let default = next.and_then(|line| line.strip_prefix(format!("self.{name} = ").as_str()));
    default.ok_or_else(|| format!("no default for the field {name}").into())
}

/// In the converter of a record: whoever hands over something else, or a wrong field, is told which.
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

/// Whether it has a field that must be given.
pub fn is_demanding(block: &Block<'_>) -> Result<bool, Box<dyn Error>> {
    Ok(parameters_of(block)?.iter().any(|field| field.default.is_none()))
}

/// How many fields the record has.
pub fn count(block: &Block<'_>) -> Result<usize, Box<dyn Error>> {
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
    """Its id."""

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
    fn a_record_gets_slots_types_and_words() {
        let fields = Fields::from([("Thing", "id", "Its id.")]);
        assert_eq!(finish(&first(RECORD), &fields).unwrap(), FINISHED);
        assert_eq!(count(&first(RECORD)).unwrap(), 3);
        assert!(is_demanding(&first(RECORD)).unwrap());
        assert!(!is_demanding(&first(&RECORD.replace("id:str,", "id:str = \"\","))).unwrap());
    }

    #[test]
    fn json_that_is_left_out_is_null() {
        let json = RECORD.replace("dict[str, str]", "Json").replace("self.tags = {}", "self.tags = \"\"");
        let text = finish(&first(&json), &Fields::from([("Thing", "id", "Its id.")])).unwrap();
        assert!(text.contains("        tags: Json | None = None,\n"), "{text}");
        assert!(text.contains("        self.tags = tags\n"), "{text}");
    }

    #[test]
    fn a_record_of_another_shape_is_refused() {
        let more = RECORD.to_owned() + "    def more(self):\n        pass\n";
        assert!(finish(&first(&more), &Fields::default()).is_err());
        let odd = RECORD.replace("self.tags = {}", "self.tags: dict = {}");
        assert!(finish(&first(&odd), &Fields::default()).is_err());
    }

    #[test]
    fn methods_of_the_core_are_kept() {
        let method = "    def twin(self, ) -> Thing:\n        _uniffi_lowered_args = (\n            C.lower(self),\n        )\n        \
                      _uniffi_lift_return = C.lift\n        _uniffi_error_converter = None\n        \
                      _uniffi_ffi_result = _uniffi_rust_call_with_error(\n            _UniffiLib.twin,\n        )\n        \
                      return _uniffi_lift_return(_uniffi_ffi_result)\n";
        let block = RECORD.replace("    def __str__", &format!("{method}\n    def __str__"));
        let text = finish(&first(&block), &Fields::from([("Thing", "id", "Its id.")])).unwrap();
        let kept = "    def twin(self) -> Thing:\n        _check(\"self\", _UniffiFfiConverterTypeThing, self)\n        \
                    return C.lift(_uniffi_rust_call_with_error(None, _UniffiLib.twin, C.lower(self)))\n";
        assert_eq!(text, format!("{FINISHED}\n{kept}"));
    }

    #[test]
    fn a_converter_names_the_field() {
        let text = "class _C(_B):\n    def check_lower(value):\n        S.check_lower(value.id)\n";
        let finished = finish_converter(&first(text), "Thing", 1).unwrap();
        let check = "        _check_type(value, Thing)\n        _check(\"id\", S, value.id)\n";
        assert_eq!(finished, format!("class _C(_B):\n    def check_lower(value):\n{check}"));
        assert!(finish_converter(&first(text), "Thing", 2).is_err());
    }
}
