//! Parses Python source: docstrings, top-level blocks and argument lists.

use std::error::Error;

use crate::edit::Edited;

/// Splits at the commas outside brackets and quotes.
pub fn split(list: &str) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    for comma in outside(list).filter(|&at| list[at..].starts_with(',')) {
        parts.push(list[start..comma].trim());
        start = comma + 1;
    }
    parts.push(list[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The position of the first `needle` outside brackets and quotes.
pub fn find_outside(text: &str, needle: &str) -> Option<usize> {
    outside(text).find(|&at| text[at..].starts_with(needle))
}

/// The positions outside brackets and quotes.
fn outside(text: &str) -> impl Iterator<Item = usize> + '_ {
    let (mut depth, mut quoted) = (0, false);
    text.char_indices().filter_map(move |(at, c)| {
        match c {
            '"' => quoted = !quoted,
            '[' | '(' | '{' if !quoted => depth += 1,
            ']' | ')' | '}' if !quoted => depth -= 1,
            _ => {}
        }
        (depth == 0 && !quoted).then_some(at)
    })
}

/// Writes a docstring, on one line if it fits.
pub fn documentation(indent: &str, lines: &[&str]) -> String {
    let raw = if lines.iter().any(|line| line.contains('\\')) { "r" } else { "" };
    match lines {
        [line] if line.len() + indent.len() < 110 => format!("{indent}{raw}\"\"\"{line}\"\"\"\n"),
        _ => {
            let mut text = String::new();
            for (number, line) in lines.iter().enumerate() {
                let open = if number == 0 { format!("{raw}\"\"\"") } else { String::new() };
                text.push_str(format!("{indent}{open}{line}").trim_end());
                text.push('\n');
            }
            text + indent + "\"\"\"\n"
        }
    }
}

/// Indents docstrings, which UniFFI closes at the start of a line.
pub fn tidy_documentation(text: &str) -> Edited {
    let (mut tidy, mut lines) = (String::with_capacity(text.len()), text.lines());
    while let Some(line) = lines.next() {
        if line.trim_start() != "\"\"\"" {
            tidy.push_str(line);
            tidy.push('\n');
            continue;
        }
        let indent = &line[..line.len() - 3];
        let mut body: Vec<&str> = lines.by_ref().take_while(|line| *line != "\"\"\"").collect();
        if body.iter().any(|line| line.contains("\"\"\"")) {
            return Err(format!("unterminated docstring: {:?}", body.first()).into());
        }
        while body.last().is_some_and(|line| line.trim().is_empty()) {
            body.pop();
        }
        let margin = body.iter().filter(|line| !line.trim().is_empty()).map(|line| width(line)).min();
        let body: Vec<&str> = body.iter().map(|line| line.get(margin.unwrap_or(0)..).unwrap_or("")).collect();
        tidy.push_str(&documentation(indent, &body));
    }
    Ok(tidy)
}

fn width(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// A top-level class, function or assignment, and everything up to the next one.
#[derive(Debug)]
pub struct Block<'a> {
    pub lines: Vec<&'a str>,
}

impl Block<'_> {
    /// The first line that is not a decorator.
    pub fn head(&self) -> &str {
        self.lines.iter().find(|line| !line.starts_with('@')).copied().unwrap_or_default()
    }

    /// `X` of `class X:` and `class X(Y):`.
    pub fn class(&self) -> Option<&str> {
        let name = self.head().strip_prefix("class ")?;
        name.split(['(', ':']).next()
    }

    /// `f` of `def f(` and `async def f(`.
    pub fn function(&self) -> Option<&str> {
        let head = self.head();
        let rest = head.strip_prefix("async def ").or_else(|| head.strip_prefix("def "))?;
        rest.split('(').next()
    }

    pub fn text(&self) -> String {
        let mut text = self.lines.join("\n");
        text.truncate(text.trim_end().len());
        text + "\n"
    }
}

/// The blocks of a module. Top-level comments are UniFFI's internal notes, and are omitted.
pub fn blocks(text: &str) -> Result<Vec<Block<'_>>, Box<dyn Error>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let decorated = blocks.last().is_some_and(|b| b.lines.last().is_some_and(|l| l.starts_with('@')));
        if begins_block(line) && !decorated {
            blocks.push(Block { lines: vec![line] });
        } else if let Some(block) = blocks.last_mut() {
            block.lines.push(line);
        } else if !line.trim().is_empty() {
            return Err(format!("a line outside of any class or function: {line}").into());
        }
    }
    Ok(blocks)
}

fn begins_block(line: &str) -> bool {
    let assigns = || line.split_once(" = ").is_some_and(|(name, _)| is_name(name));
    ["class ", "def ", "async def ", "@"].iter().any(|start| line.starts_with(start)) || assigns()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_is_split_outside_brackets_and_quotes() {
        assert_eq!(
            split(r#"a:dict[str, str] = {}, b:str = ", ", "#),
            ["a:dict[str, str] = {}", r#"b:str = ", ""#]
        );
        assert!(split(" ").is_empty());
        assert_eq!(find_outside(r#"f[" = "] = 1"#, " = "), Some(8));
    }

    #[test]
    fn docstring_is_indented_with_its_block() {
        let text = "def f():\n    \"\"\"\n    One.\n\"\"\"\n    x\nclass C:\n    \"\"\"\n    One.\n\n      Two.\n\"\"\"\n";
        let tidy =
            "def f():\n    \"\"\"One.\"\"\"\n    x\nclass C:\n    \"\"\"One.\n\n      Two.\n    \"\"\"\n";
        assert_eq!(tidy_documentation(text).unwrap(), tidy);
        assert!(tidy_documentation("    \"\"\"\n  x \"\"\"\n").is_err());
    }

    #[test]
    fn docstring_with_backslash_is_raw() {
        assert_eq!(documentation("", &["a\\d"]), "r\"\"\"a\\d\"\"\"\n");
    }

    #[test]
    fn blocks_begin_at_column_zero() {
        let text = "\n# note\n@dataclass\nclass A:\n    x = 1\nA.B = 2\nC = A\n\ndef f():\n    pass\n";
        let found = blocks(text).unwrap();
        let heads: Vec<_> = found.iter().map(|block| block.head().to_owned()).collect();
        assert_eq!(heads, ["class A:", "C = A", "def f():"]);
        assert_eq!(found[0].text(), "@dataclass\nclass A:\n    x = 1\nA.B = 2\n");
        assert_eq!((found[0].class(), found[1].class()), (Some("A"), None));
        assert_eq!((found[1].function(), found[2].function()), (None, Some("f")));
        assert!(blocks("    stray\n").is_err());
    }
}
