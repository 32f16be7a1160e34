//! Converters that are made when they are first used: there are more of them than of all public classes, and a program
//! needs a few.

use std::error::Error;

use super::text::{Block, blocks};
use crate::edit::Edited;

/// What the names of all converters of the public interface begin with.
const CONVERTER: &str = "_UniffiFfiConverter";

/// So many are made together. A function for each would take as long to load as making it.
const TOGETHER: usize = 8;

/// Moves the converters into functions that make them, behind all that is there for users.
pub fn converters(text: &str) -> Edited {
    let (mut stays, mut makers, mut late) = (Vec::new(), Vec::new(), Vec::new());
    for block in &blocks(text)? {
        match block.class().filter(|name| name.starts_with(CONVERTER)) {
            Some(name) => {
                let (class, rest) = class(block);
                late.push((name.to_owned(), class));
                stays.extend((!rest.is_empty()).then_some(rest));
            }
            None => stays.push(block.text()),
        }
    }
    for (number, group) in late.chunks(TOGETHER).enumerate() {
        makers.push(maker(number, group)?);
    }
    if makers.is_empty() { Err("no converters".into()) } else { Ok([stays, makers].concat().join("\n\n")) }
}

/// The class, and what follows it without being a block: an assignment with a type.
fn class(block: &Block<'_>) -> (String, String) {
    let inside = |line: &&str| line.is_empty() || line.starts_with(' ');
    let end = 1 + block.lines.iter().skip(1).take_while(|line| inside(line)).count();
    let text = |lines: &[&str]| lines.join("\n").trim().to_owned();
    let rest = text(&block.lines[end..]);
    (text(&block.lines[..end]) + "\n", if rest.is_empty() { rest } else { rest + "\n" })
}

fn maker(number: usize, group: &[(String, String)]) -> Result<String, Box<dyn Error>> {
    let mut text = "@_Late.of(\n".to_owned();
    for (name, _) in group {
        text.push_str(&format!("    \"{name}\",\n"));
    }
    text.push_str(&format!(")\ndef _converters_{number}():\n"));
    for (name, class) in group {
        if class.contains("\"\"\"") {
            return Err(format!("a converter with a text of several lines: {name}").into());
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
    fn converters_are_made_in_functions() {
        let text = "class _UniffiFfiConverterX(_B):\n    def read(buf):\n        a\n\n        b\n\nT: A = B\n\n\nclass X:\n    pass\n";
        let late = "T: A = B\n\n\nclass X:\n    pass\n\n\n@_Late.of(\n    \"_UniffiFfiConverterX\",\n)\ndef _converters_0():\n    \
                    class _UniffiFfiConverterX(_B):\n        def read(buf):\n            a\n\n            b\n\n    return locals()\n";
        assert_eq!(converters(text).unwrap(), late);
        assert!(converters("class X:\n    pass\n").is_err());
        assert!(converters(&text.replace("a\n", "\"\"\"\n")).is_err());
    }

    #[test]
    fn some_are_made_together() {
        let text: String = (0..9).map(|n| format!("class _UniffiFfiConverter{n}:\n    pass\n")).collect();
        let late = converters(&text).unwrap();
        assert_eq!(late.matches("@_Late.of(").count(), 2, "{late}");
        assert!(
            late.contains("\n@_Late.of(\n    \"_UniffiFfiConverter8\",\n)\ndef _converters_1():\n"),
            "{late}"
        );
    }
}
