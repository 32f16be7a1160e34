//! Open enumerations: `str` subclasses with known values. UniFFI writes a class with a nested class for each value.

use std::collections::BTreeSet;
use std::error::Error;

use super::text::Block;
use crate::edit::{Edited, replace};

/// The variant for values that this version does not know.
const UNKNOWN: &str = "UNRECOGNIZED";

/// The core's documentation names the variant for unknown values, which Python does not have, and its replacement.
const UNKNOWN_IN_CORE: &str = "`Unrecognized`";
const UNKNOWN_IN_PYTHON: &str = "unrecognized (`is_known` is false)";

/// Whether this block is the class of an enumeration whose variants have fields.
fn holds_data(block: &Block<'_>) -> bool {
    let Some(name) = block.class() else { return false };
    let closed = format!("        raise RuntimeError(\"{name} cannot be instantiated directly\")");
    block.lines.iter().any(|line| **line == closed)
}

/// Whether this block is an open enumeration. One of two marks suffices, so that `finish` rejects an enumeration without
/// the other mark instead of ignoring it.
pub fn is_open_enum(block: &Block<'_>) -> bool {
    let unknown = format!("    class {UNKNOWN}:");
    let is_mark = |line: &&str| **line == unknown || line.starts_with("    def wire_value(");
    holds_data(block) && block.lines.iter().any(is_mark)
}

/// Whether this block is a tagged union.
pub fn is_union(block: &Block<'_>) -> bool {
    holds_data(block) && !is_open_enum(block)
}

struct Value<'a> {
    name: &'a str,
    /// Its documentation. The last line is its text on the wire.
    docs: Vec<&'a str>,
}

/// A known value with its Python name.
struct NamedValue<'a> {
    name: String,
    wire: &'a str,
    docs: String,
}

/// Names the values. If the wire text differs from UniFFI's name only in its underscores, the wire text is the name:
/// `OAUTH`, which is `OAuth` in the core and `O_AUTH` in UniFFI's output.
fn named(values: Vec<Value<'_>>) -> Result<Vec<NamedValue<'_>>, Box<dyn Error>> {
    let mut names = BTreeSet::new();
    let named = values.into_iter().map(|Value { name, docs }| {
        let wire = *docs.last().ok_or_else(|| format!("{name}: no documentation"))?;
        let wire_name = wire.to_ascii_uppercase();
        let same = wire_name.replace('_', "") == name.replace('_', "");
        let name = if same { wire_name } else { name.to_owned() };
        if !names.insert(name.clone()) {
            return Err(format!("two values have the name {name}").into());
        }
        Ok(NamedValue { name, wire, docs: docs.join(" ") })
    });
    named.collect()
}

/// Rewrites the class: each known value is an instance, and any text can be converted to one.
pub fn finish(block: &Block<'_>) -> Edited {
    let name = block.class().ok_or("an enumeration without a name")?;
    let values = values(block).and_then(named).map_err(|why| format!("{name}: {why}"))?;
    let mut text = format!("class {name}(_OpenEnum):\n");
    for line in block.lines[1..].iter().take_while(|line| !line.starts_with("    def ")) {
        text.push_str(line);
        text.push('\n');
    }
    text = replace(text, 1, UNKNOWN_IN_CORE, UNKNOWN_IN_PYTHON)?;
    text.push_str("\n    __slots__ = ()\n");
    for value in &values {
        text.push_str(&format!("\n    {}: typing.ClassVar[{name}]\n", value.name));
        text.push_str(&format!("    \"\"\"{}\"\"\"\n", value.docs));
    }
    text.push_str("\n    _known = (\n");
    for value in &values {
        text.push_str(&format!("        (\"{}\", \"{}\"),\n", value.name, value.wire));
    }
    Ok(text + "    )\n")
}

fn values<'a>(block: &Block<'a>) -> Result<Vec<Value<'a>>, Box<dyn Error>> {
    let mut values: Vec<(Value<'a>, &'a str)> = Vec::new();
    let mut lines = block.lines.iter().copied();
    while let Some(line) = lines.next() {
        let Some(name) = line.strip_prefix("    class ").and_then(|rest| rest.strip_suffix(':')) else {
            let method = line.strip_prefix("    def ").or_else(|| line.strip_prefix("    async def "));
            let known = ["__init__(", "is_", "wire_value("];
            if method.is_some_and(|method| !known.iter().any(|start| method.starts_with(start))) {
                return Err(format!("unknown method: {line}").into());
            }
            continue;
        };
        let body: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("        def ")).collect();
        // `take_while` consumed the signature of the constructor, so find it in the block.
        let fields = constructor_of(block, name).ok_or_else(|| format!("{name}: no constructor"))?;
        let docs = body.iter().map(|line| line.trim().trim_matches('"')).filter(|line| !line.is_empty());
        values.push((Value { name, docs: docs.collect() }, fields));
    }
    match values.pop() {
        Some((Value { name: UNKNOWN, .. }, "value:str")) => {}
        _ => return Err(format!("the last value is not {UNKNOWN} with a text").into()),
    }
    if values.iter().any(|(_, fields)| !fields.is_empty()) {
        return Err("a known value has fields".into());
    }
    Ok(values.into_iter().map(|(value, _)| value).collect())
}

/// The parameters of the constructor of the class `name` inside the block.
fn constructor_of<'a>(block: &Block<'a>, name: &str) -> Option<&'a str> {
    let inside = block.lines.iter().skip_while(|line| **line != format!("    class {name}:"));
    let head = inside.copied().find_map(|line| line.strip_prefix("        def __init__(self, "));
    head?.strip_suffix("):")
}

/// Writes the converter, a subclass of the one for all open enumerations.
pub fn converter(name: &str) -> String {
    format!("class _UniffiFfiConverterType{name}(_OpenEnumConverter):\n    _type = {name}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::text::blocks;

    const ENUM: &str = r#"class Color:
    """A color.

    The service may add values. A value unknown to this version is `Unrecognized` and is sent back
    unchanged.
    """
    def __init__(self):
        raise RuntimeError("Color cannot be instantiated directly")

    @dataclass
    class RED:
        """The color red:
        red
        """

        def __init__(self, ):
            pass

        def __str__(self):
            return "Color.RED()".format()
    @dataclass
    class UNRECOGNIZED:
        """Other."""

        def __init__(self, value:str):
            self.value = value

    def is_RED(self) -> bool:
        return isinstance(self, Color.RED)
    def wire_value(self, ) -> str:
        return ""
Color.RED = type("Color.RED", (Color.RED, Color,), {})  # type: ignore
"#;

    const FINISHED: &str = r#"class Color(_OpenEnum):
    """A color.

    The service may add values. A value unknown to this version is unrecognized (`is_known` is false) and is sent back
    unchanged.
    """

    __slots__ = ()

    RED: typing.ClassVar[Color]
    """The color red: red"""

    _known = (
        ("RED", "red"),
    )
"#;

    fn finished(text: &str) -> Edited {
        let block = blocks(text).unwrap().remove(0);
        assert!(is_open_enum(&block));
        finish(&block)
    }

    #[test]
    fn values_become_instances() {
        assert_eq!(finished(ENUM).unwrap(), FINISHED);
    }

    #[test]
    fn tagged_union_is_not_an_open_enum() {
        let other =
            ENUM.replace("class UNRECOGNIZED:", "class OTHER:").replace("def wire_value", "def paint");
        let block = blocks(&other).unwrap().remove(0);
        assert!(is_union(&block) && !is_open_enum(&block));
    }

    #[test]
    fn wire_text_becomes_value_name() {
        for (given, wire, name) in [
            ("O_AUTH_M2M", "OAUTH_M2M", "OAUTH_M2M"),
            ("OPEN_ID", "openid", "OPENID"),
            ("SSO", "single", "SSO"),
        ] {
            let text =
                finished(&ENUM.replace("RED", given).replace("        red\n", &format!("        {wire}\n")));
            assert!(text.unwrap().contains(&format!("        (\"{name}\", \"{wire}\"),\n")), "{given}");
        }
        let red = &ENUM[ENUM.find("    @dataclass\n    class RED").unwrap()
            ..ENUM.find("    @dataclass\n    class UNR").unwrap()];
        assert!(finished(&ENUM.replacen(red, &red.repeat(2), 1)).is_err());
    }

    #[test]
    fn unknown_enum_shape_is_rejected() {
        for (from, to) in [
            ("class UNRECOGNIZED:", "class OTHER:"),
            ("__init__(self, value:str)", "__init__(self, value:int)"),
            ("__init__(self, ):", "__init__(self, shade:str):"),
            ("def wire_value", "def paint"),
            ("`Unrecognized`", "`Other`"),
        ] {
            assert!(finished(&ENUM.replace(from, to)).is_err(), "{from} -> {to}");
        }
    }
}
