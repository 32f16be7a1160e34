//! Enumerations whose values hold data of their own, such as what a webhook tells. UniFFI's classes are good, but for
//! `@dataclass`, which costs a quarter of a millisecond each at import and prints none of the data, and for two methods
//! a value that say what `isinstance` and `match` say.

use super::text::Block;
use crate::edit::{Edited, replace};

const DATACLASS: &str = "    @dataclass\n";
const EQUAL: &str = "        def __eq__(self, other):\n";
const SAID: [&str; 2] =
    ["    # For each variant, we have `is_NAME`", "    # whether an instance is that variant."];

pub fn finish(block: &Block<'_>) -> Edited {
    let name = block.class().ok_or("no class")?;
    let text = format!("{}\n", block.text().trim_end_matches('\n'));
    let values = text.matches(DATACLASS).count();
    let text = replace(text, values, DATACLASS, "")?;
    let text = replace(text, values, EQUAL, &format!("        __repr__ = __str__\n\n{EQUAL}"))?;
    let text = without_questions(&text, 2 * values)?;
    let text = asked(&text, name, "other", values)?;
    let closed = format!("raise RuntimeError(\"{name} cannot be instantiated directly\")");
    let text = replace(text, 1, &closed, &format!("raise TypeError(\"{name} cannot be made directly\")"))?;
    replace(text, 1, &format!("class {name}:\n"), &format!("class {name}(_Union):\n"))
}

/// Writes what reads and writes the values.
pub fn finish_converter(block: &Block<'_>, name: &str) -> Edited {
    let text = block.text();
    let values = text.matches("        if variant == ").count();
    // Once for the check, once for the writing.
    let text = asked(&text, name, "value", 2 * values)?;
    let wrong = format!("        raise _wrong_type(value, \"{name}\")\n");
    replace(text, 1, "        raise ValueError(value)\n", &wrong)
}

/// Leaves out the methods that say which value it is.
fn without_questions(text: &str, count: usize) -> Edited {
    let (mut kept, mut found, mut lines) = (String::with_capacity(text.len()), 0, text.lines());
    while let Some(line) = lines.next() {
        if line.starts_with("    def is_") && line.ends_with("(self) -> bool:") {
            found += 1;
            lines.next().filter(|body| body.starts_with("        return isinstance(")).ok_or("no answer")?;
        } else if !SAID.iter().any(|said| line.starts_with(said)) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    if found == count { Ok(kept) } else { Err(format!("{found} methods `is_…`, not {count}").into()) }
}

/// Asks `isinstance` in place of those methods.
fn asked(text: &str, name: &str, whom: &str, count: usize) -> Edited {
    let (mut edited, mut found) = (String::with_capacity(text.len()), 0);
    let question = format!("{whom}.is_");
    for line in text.lines() {
        let value =
            line.split_once(&question).and_then(|(before, rest)| Some((before, rest.strip_suffix("():")?)));
        match value {
            Some((before, value)) => {
                found += 1;
                edited.push_str(&format!("{before}isinstance({whom}, {name}.{value}):"));
            }
            None => edited.push_str(line),
        }
        edited.push('\n');
    }
    if found == count { Ok(edited) } else { Err(format!("{found} questions to {whom}, not {count}").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::text::blocks;

    const UNION: &str = r#"class Data:
    """What happened."""
    def __init__(self):
        raise RuntimeError("Data cannot be instantiated directly")

    @dataclass
    class MADE:
        def __init__(self, thing:Thing):
            self.thing = thing

        def __str__(self):
            return "Data.MADE(thing={})".format(self.thing)
        def __eq__(self, other):
            if not other.is_MADE():
                return False
            return True

    # For each variant, we have `is_NAME` and `is_name` methods for easily checking
    # whether an instance is that variant.
    def is_MADE(self) -> bool:
        return isinstance(self, Data.MADE)
    def is_made(self) -> bool:
        return isinstance(self, Data.MADE)
"#;

    const CONVERTER: &str = r#"class _UniffiFfiConverterTypeData(_UniffiConverterRustBuffer):
    @staticmethod
    def read(buf):
        if variant == 1:
            return Data.MADE(1)

    @staticmethod
    def check_lower(value):
        if value.is_MADE():
            return
        raise ValueError(value)

    @staticmethod
    def write(value, buf):
        if value.is_MADE():
            buf.write_i32(1)
"#;

    #[test]
    fn values_print_their_data() {
        let done = finish(&blocks(UNION).unwrap()[0]).unwrap();
        assert!(!done.contains("@dataclass"), "{done}");
        assert!(done.contains("        __repr__ = __str__\n\n        def __eq__"), "{done}");
    }

    #[test]
    fn a_value_is_told_by_its_class_alone() {
        let done = finish(&blocks(UNION).unwrap()[0]).unwrap();
        assert!(done.starts_with("class Data(_Union):\n"), "{done}");
        assert!(done.contains("            if not isinstance(other, Data.MADE):\n"), "{done}");
        assert!(!done.contains("is_") && !done.contains("variant"), "{done}");
        let done = finish_converter(&blocks(CONVERTER).unwrap()[0], "Data").unwrap();
        assert_eq!(done.matches("        if isinstance(value, Data.MADE):\n").count(), 2, "{done}");
        assert!(done.contains("        raise _wrong_type(value, \"Data\")\n"), "{done}");
    }

    #[test]
    fn another_text_is_refused() {
        for (from, to) in [
            ("def __eq__", "def __ne__"),
            ("def is_made", "def was_made"),
            ("other.is_MADE()", "other.is_it(MADE)"),
            ("        return isinstance", "        return issubclass"),
            ("instantiated", "called"),
        ] {
            assert!(finish(&blocks(&UNION.replace(from, to)).unwrap()[0]).is_err(), "{from}");
        }
        for from in ["value.is_MADE()", "ValueError", "variant =="] {
            assert!(finish_converter(&blocks(&CONVERTER.replace(from, "x")).unwrap()[0], "Data").is_err());
        }
    }
}
