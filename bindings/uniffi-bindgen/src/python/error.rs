//! The error class, with a subclass for each variant. `str(error)` is the summary from the core.

use std::error::Error;

use super::text::Block;
use crate::edit::Edited;

/// Whether this block is the class that contains the variants.
pub fn is_variants(block: &Block<'_>) -> bool {
    block.head().starts_with("class ") && block.head().ends_with(":  # type: ignore")
}

/// Whether this block only renames classes around the class with the variants.
pub fn is_renaming(block: &Block<'_>) -> bool {
    block.head().contains("_UniffiTemp")
}

/// Whether this block is the class that UniFFI writes first and replaces later.
pub fn is_placeholder(block: &Block<'_>) -> bool {
    block.head().starts_with("class ") && block.head().ends_with("(Exception):")
}

struct Variant<'a> {
    name: &'a str,
    documentation: Vec<&'a str>,
}

/// Rewrites the class and its variants. Type checkers see each variant as a type inside the class.
pub fn finish(block: &Block<'_>) -> Edited {
    let name = block.class().ok_or("an error class without a name")?;
    let variants = variants(block, name)?;
    let mut text = format!("class {name}(Exception):\n");
    for line in block.lines[1..].iter().take_while(|line| !line.starts_with("    class ")) {
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(BODY);
    for variant in &variants {
        text.push_str(&format!("        {}: typing.TypeAlias = \"_{name}{0}\"\n", variant.name));
        text.push_str(&(variant.documentation.join("\n") + "\n"));
    }
    for variant in &variants {
        text.push_str(&class(name, variant));
    }
    Ok(text)
}

const BODY: &str = r#"
    __module__ = "scalekit_rs"

    failure: Failure
    """The details of the failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure

    def __str__(self) -> str:
        return self.failure.summary

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}({self.failure.summary!r})"

    if typing.TYPE_CHECKING:
"#;

fn class(error: &str, variant: &Variant<'_>) -> String {
    let name = variant.name;
    let mut text = format!("\n\nclass _{error}{name}({error}):\n");
    for line in &variant.documentation {
        text.push_str(line.strip_prefix("    ").unwrap_or(line));
        text.push('\n');
    }
    let inner = format!("    __module__ = \"scalekit_rs\"\n    __qualname__ = \"{error}.{name}\"\n");
    let outer =
        format!("_{error}{name}.__name__ = \"{name}\"\n{error}.{name} = _{error}{name}  # type: ignore\n");
    text + "\n" + &inner + "\n\n" + &outer
}

fn variants<'a>(block: &Block<'a>, error: &str) -> Result<Vec<Variant<'a>>, Box<dyn Error>> {
    let head = format!("(_UniffiTemp{error}):");
    let mut variants = Vec::new();
    for (at, line) in block.lines.iter().enumerate() {
        let Some(name) = line.strip_prefix("    class ").and_then(|rest| rest.strip_suffix(head.as_str()))
        else {
            continue;
        };
        let rest = &block.lines[at + 1..];
        let end = rest.iter().position(|line| line.starts_with("        def ")).unwrap_or(0);
        if rest[end] != "        def __init__(self, failure):" {
            return Err(format!("{error}.{name} has unexpected fields: {}", rest[end]).into());
        }
        let documentation = rest[..end].iter().copied().filter(|line| !line.trim().is_empty());
        variants.push(Variant { name, documentation: documentation.collect() });
    }
    if variants.is_empty() { Err(format!("{error} has no variants").into()) } else { Ok(variants) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::text::blocks;

    const ERROR: &str = r#"class Trouble:  # type: ignore
    """What went wrong."""

    class NotFound(_UniffiTempTrouble):
        """Nothing there."""

        def __init__(self, failure):
            super().__init__(", ".join([
                "failure={!r}".format(failure),
            ]))
            self.failure = failure

        def __repr__(self):
            return "Trouble.NotFound({})".format(str(self))
    _UniffiTempTrouble.NotFound = NotFound # type: ignore
"#;

    #[test]
    fn variant_becomes_subclass() {
        let found = blocks(ERROR).unwrap();
        assert!(is_variants(&found[0]));
        let text = finish(&found[0]).unwrap();
        assert!(text.starts_with("class Trouble(Exception):\n    \"\"\"What went wrong.\"\"\"\n"), "{text}");
        let alias =
            "        NotFound: typing.TypeAlias = \"_TroubleNotFound\"\n        \"\"\"Nothing there.\"\"\"\n";
        assert!(text.contains(alias), "{text}");
        let class = "\n\nclass _TroubleNotFound(Trouble):\n    \"\"\"Nothing there.\"\"\"\n\n    __module__ = \
                     \"scalekit_rs\"\n    __qualname__ = \"Trouble.NotFound\"\n\n\n\
                     _TroubleNotFound.__name__ = \"NotFound\"\nTrouble.NotFound = _TroubleNotFound  # type: ignore\n";
        assert!(text.ends_with(class), "{text}");
    }

    #[test]
    fn variant_with_other_fields_is_rejected() {
        let more = ERROR.replace("(self, failure)", "(self, failure, more)");
        assert!(finish(&blocks(&more).unwrap()[0]).is_err());
        let none = ERROR.replace("(_UniffiTempTrouble):", ":");
        assert!(finish(&blocks(&none).unwrap()[0]).is_err());
    }
}
