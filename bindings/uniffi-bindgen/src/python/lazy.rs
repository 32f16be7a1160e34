//! Lazy creation of converters. There are more converters than public classes, and a program uses few of them.

use std::error::Error;

use super::text::{Block, blocks};
use crate::edit::Edited;

/// The prefix of the names of all converters in the public interface.
const CONVERTER: &str = "_UniffiFfiConverter";

/// How many converters one function creates. Loading a function for each would take as long as creating it.
const GROUP_SIZE: usize = 8;

/// Moves the converters into functions that create them, after all public classes.
pub fn converters(text: &str) -> Edited {
    let (mut unchanged, mut functions, mut converters) = (Vec::new(), Vec::new(), Vec::new());
    for block in &blocks(text)? {
        match block.class().filter(|name| name.starts_with(CONVERTER)) {
            Some(name) => {
                let (class, rest) = class(block);
                converters.push((name.to_owned(), class));
                unchanged.extend((!rest.is_empty()).then_some(rest));
            }
            None => unchanged.push(block.text()),
        }
    }
    for (number, group) in converters.chunks(GROUP_SIZE).enumerate() {
        functions.push(function(number, group)?);
    }
    if functions.is_empty() {
        Err("no converters".into())
    } else {
        Ok([unchanged, functions].concat().join("\n\n"))
    }
}

/// The class, and the annotated assignment that may follow it.
fn class(block: &Block<'_>) -> (String, String) {
    let inside = |line: &&str| line.is_empty() || line.starts_with(' ');
    let end = 1 + block.lines.iter().skip(1).take_while(|line| inside(line)).count();
    let text = |lines: &[&str]| lines.join("\n").trim().to_owned();
    let rest = text(&block.lines[end..]);
    (text(&block.lines[..end]) + "\n", if rest.is_empty() { rest } else { rest + "\n" })
}

fn function(number: usize, group: &[(String, String)]) -> Result<String, Box<dyn Error>> {
    let mut text = "@_LazyConverter.group(\n".to_owned();
    for (name, _) in group {
        text.push_str(&format!("    \"{name}\",\n"));
    }
    text.push_str(&format!(")\ndef _converters_{number}():\n"));
    for (name, class) in group {
        if class.contains("\"\"\"") {
            return Err(format!("a converter with a multi-line string: {name}").into());
        }
        for line in class.lines() {
            text.push_str(format!("    {line}").trim_end());
            text.push('\n');
        }
        text.push('\n');
    }
    Ok(text + "    return locals()\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converters_move_into_functions() {
        let text = "class _UniffiFfiConverterX(_B):\n    def read(buf):\n        a\n\n        b\n\nT: A = B\n\n\nclass X:\n    pass\n";
        let expected = "T: A = B\n\n\nclass X:\n    pass\n\n\n@_LazyConverter.group(\n    \"_UniffiFfiConverterX\",\n)\ndef _converters_0():\n    \
                    class _UniffiFfiConverterX(_B):\n        def read(buf):\n            a\n\n            b\n\n    return locals()\n";
        assert_eq!(converters(text).unwrap(), expected);
        assert!(converters("class X:\n    pass\n").is_err());
        assert!(converters(&text.replace("a\n", "\"\"\"\n")).is_err());
    }

    #[test]
    fn converters_are_grouped() {
        let text: String = (0..9).map(|n| format!("class _UniffiFfiConverter{n}:\n    pass\n")).collect();
        let lazy = converters(&text).unwrap();
        assert_eq!(lazy.matches("@_LazyConverter.group(").count(), 2, "{lazy}");
        let second = "\n@_LazyConverter.group(\n    \"_UniffiFfiConverter8\",\n)\ndef _converters_1():\n";
        assert!(lazy.contains(second), "{lazy}");
    }
}
