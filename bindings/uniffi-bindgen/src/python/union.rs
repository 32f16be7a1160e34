//! Tagged unions: enumerations whose variants have fields, such as the data of a webhook event. This removes two parts
//! of UniFFI's classes: `@dataclass`, which costs a quarter of a millisecond per class at import and prints no fields,
//! and two methods per variant that duplicate `isinstance` and `match`.

use super::text::Block;
use crate::edit::{Edited, replace};

const DATACLASS: &str = "    @dataclass\n";
const EQUAL: &str = "        def __eq__(self, other):\n";
const IS_METHODS_COMMENT: [&str; 2] =
    ["    # For each variant, we have `is_NAME`", "    # whether an instance is that variant."];

pub fn finish(block: &Block<'_>) -> Edited {
    let name = block.class().ok_or("no class")?;
    let text = format!("{}\n", block.text().trim_end_matches('\n'));
    let variants = text.matches(DATACLASS).count();
    let text = replace(text, variants, DATACLASS, "")?;
    let text = replace(text, variants, EQUAL, &format!("        __repr__ = __str__\n\n{EQUAL}"))?;
    let text = without_is_methods(&text, 2 * variants)?;
    let text = with_isinstance(&text, name, "other", variants)?;
    let closed = format!("raise RuntimeError(\"{name} cannot be instantiated directly\")");
    let text =
        replace(text, 1, &closed, &format!("raise TypeError(\"{name} cannot be instantiated directly\")"))?;
    replace(text, 1, &format!("class {name}:\n"), &format!("class {name}(_Union):\n"))
}

/// Edits the converter.
pub fn finish_converter(block: &Block<'_>, name: &str) -> Edited {
    let text = block.text();
    let variants = text.matches("        if variant == ").count();
    // Each variant occurs in `check_lower` and in `write`.
    let text = with_isinstance(&text, name, "value", 2 * variants)?;
    let wrong = format!("        raise _wrong_type(value, \"{name}\")\n");
    replace(text, 1, "        raise ValueError(value)\n", &wrong)
}

/// Removes the methods that test for a variant.
fn without_is_methods(text: &str, count: usize) -> Edited {
    let (mut kept, mut found, mut lines) = (String::with_capacity(text.len()), 0, text.lines());
    while let Some(line) = lines.next() {
        if line.starts_with("    def is_") && line.ends_with("(self) -> bool:") {
            found += 1;
            lines
                .next()
                .filter(|body| body.starts_with("        return isinstance("))
                .ok_or("unknown method `is_…`")?;
        } else if !IS_METHODS_COMMENT.iter().any(|comment| line.starts_with(comment)) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    if found == count {
        Ok(kept)
    } else {
        Err(format!("expected {count} methods `is_…`, found {found}").into())
    }
}

/// Replaces calls of those methods on `variable` by `isinstance`.
fn with_isinstance(text: &str, name: &str, variable: &str, count: usize) -> Edited {
    let (mut edited, mut found) = (String::with_capacity(text.len()), 0);
    let call = format!("{variable}.is_");
    for line in text.lines() {
        let variant =
            line.split_once(&call).and_then(|(before, rest)| Some((before, rest.strip_suffix("():")?)));
        match variant {
            Some((before, variant)) => {
                found += 1;
                edited.push_str(&format!("{before}isinstance({variable}, {name}.{variant}):"));
            }
            None => edited.push_str(line),
        }
        edited.push('\n');
    }
    if found == count {
        Ok(edited)
    } else {
        Err(format!("expected {count} calls of {variable}.is_…, found {found}").into())
    }
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
    fn variant_repr_shows_fields() {
        let done = finish(&blocks(UNION).unwrap()[0]).unwrap();
        assert!(!done.contains("@dataclass"), "{done}");
        assert!(done.contains("        __repr__ = __str__\n\n        def __eq__"), "{done}");
    }

    #[test]
    fn is_methods_are_replaced_by_isinstance() {
        let done = finish(&blocks(UNION).unwrap()[0]).unwrap();
        assert!(done.starts_with("class Data(_Union):\n"), "{done}");
        assert!(done.contains("            if not isinstance(other, Data.MADE):\n"), "{done}");
        assert!(!done.contains("is_") && !done.contains("variant"), "{done}");
        let done = finish_converter(&blocks(CONVERTER).unwrap()[0], "Data").unwrap();
        assert_eq!(done.matches("        if isinstance(value, Data.MADE):\n").count(), 2, "{done}");
        assert!(done.contains("        raise _wrong_type(value, \"Data\")\n"), "{done}");
    }

    #[test]
    fn unknown_union_shape_is_rejected() {
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
