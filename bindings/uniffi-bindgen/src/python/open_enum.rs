//! Open enumerations: texts with known values. UniFFI writes a class with a class inside for each value.

use std::collections::BTreeSet;
use std::error::Error;

use super::text::Block;
use crate::edit::{Edited, replace};

/// The variant that holds what this version does not know.
const REST: &str = "UNRECOGNIZED";

/// What the core says of an unknown value, and what a Python user needs to know of it.
const SAID: &str = "one that this version does not know is `Unrecognized`, keeps";
const SAY: &str = "one that this version does not know (`is_known` is false) keeps";

/// Whether UniFFI wrote this block for an enumeration with data.
fn holds_data(block: &Block<'_>) -> bool {
    let Some(name) = block.class() else { return false };
    let closed = format!("        raise RuntimeError(\"{name} cannot be instantiated directly\")");
    block.lines.iter().any(|line| **line == closed)
}

/// Whether it is an open one. One mark of two is enough, so that one that lost the other is refused, not passed over.
pub fn is_open_enum(block: &Block<'_>) -> bool {
    let rest = format!("    class {REST}:");
    let marked = |line: &&str| **line == rest || line.starts_with("    def wire_value(");
    holds_data(block) && block.lines.iter().any(marked)
}

/// Whether it is one whose values hold data of their own.
pub fn is_union(block: &Block<'_>) -> bool {
    holds_data(block) && !is_open_enum(block)
}

struct Value<'a> {
    name: &'a str,
    /// What is said about it; the last line is its text on the wire.
    words: Vec<&'a str>,
}

/// A known value as Python has it.
struct Named<'a> {
    name: String,
    wire: &'a str,
    words: String,
}

/// Where the service's word differs from the name only in where words are parted, the word is the name: `OAUTH`, which
/// the core writes `OAuth`, and UniFFI `O_AUTH`.
fn named(values: Vec<Value<'_>>) -> Result<Vec<Named<'_>>, Box<dyn Error>> {
    let mut names = BTreeSet::new();
    let named = values.into_iter().map(|Value { name, words }| {
        let wire = *words.last().ok_or_else(|| format!("{name}: no text"))?;
        let word = wire.to_ascii_uppercase();
        let same = word.replace('_', "") == name.replace('_', "");
        let name = if same { word } else { name.to_owned() };
        if !names.insert(name.clone()) {
            return Err(format!("two values have the name {name}").into());
        }
        Ok(Named { name, wire, words: words.join(" ") })
    });
    named.collect()
}

/// Writes the class anew: each known value is an instance, and any text makes one.
pub fn finish(block: &Block<'_>) -> Edited {
    let name = block.class().ok_or("an enumeration without a name")?;
    let values = values(block).and_then(named).map_err(|why| format!("{name}: {why}"))?;
    let mut text = format!("class {name}(_OpenEnum):\n");
    for line in block.lines[1..].iter().take_while(|line| !line.starts_with("    def ")) {
        text.push_str(line);
        text.push('\n');
    }
    text = replace(text, 1, SAID, SAY)?;
    text.push_str("\n    __slots__ = ()\n");
    for value in &values {
        text.push_str(&format!("\n    {}: typing.ClassVar[{name}]\n", value.name));
        text.push_str(&format!("    \"\"\"{}\"\"\"\n", value.words));
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
                return Err(format!("a method that this edit does not know: {line}").into());
            }
            continue;
        };
        let body: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("        def ")).collect();
        // The head of the constructor was taken with the body; find it again in the block.
        let fields = constructor_of(block, name).ok_or_else(|| format!("{name}: no constructor"))?;
        let words = body.iter().map(|line| line.trim().trim_matches('"')).filter(|line| !line.is_empty());
        values.push((Value { name, words: words.collect() }, fields));
    }
    match values.pop() {
        Some((Value { name: REST, .. }, "value:str")) => {}
        _ => return Err(format!("the last value is not {REST} with a text").into()),
    }
    if values.iter().any(|(_, fields)| !fields.is_empty()) {
        return Err("a known value holds data".into());
    }
    Ok(values.into_iter().map(|(value, _)| value).collect())
}

/// The parameters of the constructor of the class `name` inside the block.
fn constructor_of<'a>(block: &Block<'a>, name: &str) -> Option<&'a str> {
    let inside = block.lines.iter().skip_while(|line| **line != format!("    class {name}:"));
    let head = inside.copied().find_map(|line| line.strip_prefix("        def __init__(self, "));
    head?.strip_suffix("):")
}

/// The converter, from the base class that knows all open enumerations.
pub fn converter(name: &str) -> String {
    format!("class _UniffiFfiConverterType{name}(_OpenEnumConverter):\n    _type = {name}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::text::blocks;

    const ENUM: &str = r#"class Colour:
    """A colour.

    The service adds values from time to time: one that this version does not know is `Unrecognized`, keeps
    the text as it came, and is sent back unchanged.
    """
    def __init__(self):
        raise RuntimeError("Colour cannot be instantiated directly")

    @dataclass
    class RED:
        """Like blood:
        red
        """

        def __init__(self, ):
            pass

        def __str__(self):
            return "Colour.RED()".format()
    @dataclass
    class UNRECOGNIZED:
        """Other."""

        def __init__(self, value:str):
            self.value = value

    def is_RED(self) -> bool:
        return isinstance(self, Colour.RED)
    def wire_value(self, ) -> str:
        return ""
Colour.RED = type("Colour.RED", (Colour.RED, Colour,), {})  # type: ignore
"#;

    const FINISHED: &str = r#"class Colour(_OpenEnum):
    """A colour.

    The service adds values from time to time: one that this version does not know (`is_known` is false) keeps
    the text as it came, and is sent back unchanged.
    """

    __slots__ = ()

    RED: typing.ClassVar[Colour]
    """Like blood: red"""

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
    fn an_enumeration_of_other_data_is_left_alone() {
        let other =
            ENUM.replace("class UNRECOGNIZED:", "class OTHER:").replace("def wire_value", "def paint");
        let block = blocks(&other).unwrap().remove(0);
        assert!(is_union(&block) && !is_open_enum(&block));
    }

    #[test]
    fn the_word_of_the_service_is_the_name() {
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
    fn an_enumeration_of_another_shape_is_refused() {
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
