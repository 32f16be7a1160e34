//! The imports of a file: of each name that it mentions.

use std::collections::BTreeMap;

use askama::Template;

use super::{File, Package, Result, names};

/// What files use of other packages.
const OTHERS: [&str; 10] = [
    "com.fasterxml.jackson.annotation.JsonCreator",
    "java.time.Instant",
    "java.util.concurrent.CompletableFuture",
    "java.util.stream.Stream",
    "java.util.stream.StreamSupport",
    "kotlinx.coroutines.flow.Flow",
    "kotlinx.serialization.KSerializer",
    "kotlinx.serialization.Serializable",
    "kotlinx.serialization.json.JsonElement",
    "kotlinx.serialization.json.JsonNull",
];

/// What public classes use of the runtime.
const RUNTIME: [&str; 16] = [
    "ClientHandle",
    "Handle",
    "HandleType",
    "NativeFunction",
    "PageIterator",
    "ScalekitFunctions",
    "addressAsync",
    "blockingCall",
    "futureOf",
    "inKotlin",
    "jsonOf",
    "numberAsync",
    "pageFlow",
    "readerAsync",
    "runAsync",
    "withProxyOfJvm",
];

/// Public classes that are not generated, and that generated ones inherit from.
const HANDWRITTEN: [&str; 4] = ["OpenEnum", "OpenEnumType", "RecordType", "ScalekitRecord"];

/// All names that a file can import.
pub struct Known {
    /// The package of each name.
    names: BTreeMap<String, String>,
}

impl Known {
    pub fn new(package: &Package<'_>) -> Self {
        let mut known = Self { names: BTreeMap::new() };
        for name in OTHERS {
            let (package, name) = name.rsplit_once('.').unwrap_or_default();
            known.names.insert(name.into(), package.into());
        }
        for (name, _) in package.areas.all() {
            known.names.insert(names::class(name), "rs.scalekit".into());
        }
        known.names.extend(HANDWRITTEN.map(|name| (name.into(), "rs.scalekit".into())));
        let internal =
            RUNTIME.map(str::to_owned).into_iter().chain(package.areas.all().flat_map(|(name, _)| {
                let class = names::class(name);
                [
                    names::functions(&class),
                    names::codec(&class),
                    names::creator(&class),
                    format!("read{class}"),
                    format!("write{class}"),
                ]
            }));
        known.names.extend(internal.map(|name| (name, "rs.scalekit.internal".into())));
        known
    }

    /// The text of a file.
    pub fn file(
        &self,
        annotation: &'static str,
        package: &'static str,
        docs: &str,
        declarations: Vec<String>,
    ) -> Result<String> {
        let text: String = declarations.concat();
        let needed = self.names.iter().filter(|(name, of)| of.as_str() != package && mentions(&text, name));
        let mut imports: Vec<String> = needed.map(|(name, package)| format!("{package}.{name}")).collect();
        imports.sort();
        let docs = docs.to_owned();
        let declarations = declarations.iter().map(|text| text.trim().to_owned()).collect();
        Ok(tidy(File { annotation, package, imports, docs, declarations }.render()?))
    }
}

/// Removes blank lines at the start and at the end of blocks, and all but one elsewhere.
fn tidy(text: String) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        let after = lines.last().copied().unwrap_or_default();
        if line.is_empty() && (after.is_empty() || after.ends_with(['{', '('])) {
            continue;
        }
        if line.trim_start().starts_with('}') && after.is_empty() {
            lines.pop();
        }
        lines.push(line);
    }
    lines.join("\n").trim_end().to_owned() + "\n"
}

/// Whether code contains a name as a whole word, outside comments and not as a member of something else.
fn mentions(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '`';
    text.lines().filter(|line| !line.trim_start().starts_with(['*', '/'])).any(|line| {
        line.match_indices(name).any(|(at, _)| {
            let (before, after) = (line[..at].chars().next_back(), line[at + name.len()..].chars().next());
            !before.is_some_and(is_part) && !after.is_some_and(is_part)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_of_code_are_imported() {
        assert!(mentions("val a: List<Flow>", "Flow"));
        assert!(!mentions(" * A Flow.\n// Flow\nval flow: MyFlow, Flows", "Flow"));
    }

    #[test]
    fn blank_lines_at_the_ends_of_blocks_are_removed() {
        assert_eq!(tidy("a {\n\n    b\n\n\n    c\n\n}\n\n".to_owned()), "a {\n    b\n\n    c\n}\n");
    }
}
