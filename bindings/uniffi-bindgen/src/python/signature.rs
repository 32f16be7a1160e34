//! Function signatures, which users and type checkers read.

use super::text::{find_outside, split};
use crate::edit::Edited;

/// UniFFI's marker for an omitted argument whose default value cannot be written in the signature.
pub const OMITTED: &str = "_DEFAULT";

/// The type of an argument for a secret, in the core and in Python.
pub const SECRET_INPUT: &str = "SecretInput";
const SECRET: &str = "str | SecretText";

/// One parameter of a function.
#[derive(Debug, PartialEq)]
pub struct Parameter {
    pub name: String,
    pub annotation: Option<String>,
    pub default: Option<String>,
}

impl Parameter {
    fn read(text: &str) -> Self {
        let (rest, default) = match find_outside(text, " = ") {
            Some(at) => (&text[..at], Some(text[at + 3..].to_owned())),
            None => (text, None),
        };
        let (name, annotation) = match find_outside(rest, ":") {
            Some(at) => (&rest[..at], Some(modern(rest[at + 1..].trim()))),
            None => (rest, None),
        };
        Self { name: name.trim().to_owned(), annotation, default }
    }

    /// Whether the function itself computes the default value.
    pub fn has_computed_default(&self) -> bool {
        self.default.as_deref() == Some(OMITTED)
    }

    /// Writes it as part of a signature. In Python, `None` marks an omitted argument.
    pub fn write(&self) -> String {
        let annotation = match &self.annotation {
            Some(annotation) if self.has_computed_default() => format!(": {annotation} | None"),
            Some(annotation) => format!(": {annotation}"),
            None => String::new(),
        };
        match &self.default {
            None => format!("{}{annotation}", self.name),
            Some(_) if self.has_computed_default() => format!("{}{annotation} = None", self.name),
            Some(default) => format!("{}{annotation} = {default}", self.name),
        }
    }
}

pub fn parameters(list: &str) -> Vec<Parameter> {
    split(list).into_iter().map(Parameter::read).collect()
}

/// The type in modern syntax. `typing.List` is unchanged, because some classes have methods called `list`. A list of
/// secrets is a sequence, because a `list[str]` is no `list[str | SecretText]` to type checkers.
pub fn modern(annotation: &str) -> String {
    let inner = |prefix: &str| annotation.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(']'));
    if let Some(inner) = inner("typing.Optional[") {
        format!("{} | None", modern(inner))
    } else if let Some(inner) = inner("typing.Union[object, ") {
        modern(inner)
    } else if annotation == SECRET_INPUT {
        SECRET.to_owned()
    } else if inner("typing.List[") == Some(SECRET_INPUT) {
        format!("typing.Sequence[{SECRET}]")
    } else {
        annotation.to_owned()
    }
}

/// Rewrites the signature of a function. Other lines are unchanged.
pub fn rewrite(line: &str) -> Edited {
    let indent = &line[..line.len() - line.trim_start().len()];
    let rest = line.trim_start();
    let Some(rest) = rest.strip_prefix("async def ").or_else(|| rest.strip_prefix("def ")) else {
        return Ok(line.to_owned());
    };
    let start = if line.trim_start().starts_with("async") { "async def" } else { "def" };
    let unknown = || format!("unknown function signature: {line}");
    let (name, rest) = rest.split_once('(').ok_or_else(unknown)?;
    let (list, result) = rest.rsplit_once(')').ok_or_else(unknown)?;
    let list: Vec<_> = parameters(list).iter().map(Parameter::write).collect();
    let result = match result.trim_end_matches(':').trim().strip_prefix("-> ") {
        Some(result) => format!(" -> {}", modern(result)),
        None if name == "__init__" => " -> None".to_owned(),
        None => String::new(),
    };
    Ok(format!("{indent}{start} {name}({}){result}:", list.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_modernized() {
        for (given, written) in [
            ("    def close(self, ) -> None:", "    def close(self) -> None:"),
            (
                "    async def f(self, id: str,p: typing.Union[object, typing.List[X]] = _DEFAULT) -> X:",
                "    async def f(self, id: str, p: typing.List[X] | None = None) -> X:",
            ),
            (
                "def f(a: typing.Optional[dict[str, str]] = None) -> typing.Optional[typing.List[X]]:",
                "def f(a: dict[str, str] | None = None) -> typing.List[X] | None:",
            ),
            ("    def __init__(self, text: str):", "    def __init__(self, text: str) -> None:"),
            ("def f(a: SecretInput) -> None:", "def f(a: str | SecretText) -> None:"),
            (
                "def f(a: typing.List[SecretInput]) -> None:",
                "def f(a: typing.Sequence[str | SecretText]) -> None:",
            ),
            ("        default = 1", "        default = 1"),
        ] {
            assert_eq!(rewrite(given).unwrap(), written);
        }
        assert!(rewrite("def f:").is_err());
    }

    #[test]
    fn default_may_contain_separators() {
        let read = parameters(r#"*, a:str = ", ", b:dict[str, str] = _DEFAULT, c:bool"#);
        let written: Vec<_> = read.iter().map(Parameter::write).collect();
        assert_eq!(written, ["*", r#"a: str = ", ""#, "b: dict[str, str] | None = None", "c: bool"]);
    }
}
