//! Writes the module as one file for each area of the API, and one for what all of them share.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use heck::ToUpperCamelCase;
use uniffi_bindgen::ComponentInterface;

use crate::areas::Areas;
use crate::swift::{codable, text};

/// The file of the declarations that belong to no area: buffers, calls, and converters of simple types.
const SHARED: &str = "Runtime";

/// What UniFFI's names of converters add to the name of a type: the first always, the others depending on the type.
const CONVERTER: &str = "FfiConverter";
const PREFIXES: [&str; 4] = ["Option", "Sequence", "Dictionary", "Type"];
const SUFFIXES: [&str; 3] = ["_lift", "_lower", "Protocol"];

/// The words before the name of a declaration.
const KEYWORDS: [&str; 8] = ["class", "enum", "extension", "func", "let", "protocol", "struct", "var"];

/// Replaces `Scalekit.swift` in this folder by the folder `Scalekit`.
pub fn write(out: &Path, interface: &ComponentInterface, areas: &Areas) -> Result<(), Box<dyn Error>> {
    let (module, folder) = (out.join("Scalekit.swift"), out.join("Scalekit"));
    let mut files = split(std::fs::read_to_string(&module)?, |name| areas.of(name))?;
    for (area, text) in codable::extensions(interface, areas)? {
        files.get_mut(&area.to_upper_camel_case()).ok_or("an area has no file")?.push_str(&text);
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    for (name, text) in files {
        std::fs::write(folder.join(format!("{name}.swift")), text)?;
    }
    Ok(std::fs::remove_file(module)?)
}

/// The text of each file, by its name without its ending.
fn split(
    text: String,
    area_of: impl Fn(&str) -> Option<&'static str>,
) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let (head, body) = head(&text)?;
    let mut files = BTreeMap::<String, String>::new();
    for part in parts(&visible_in_module(body))? {
        let name = declared_name(&part).and_then(|name| area_of(type_of(name))).unwrap_or(SHARED);
        let file = files.entry(name.to_upper_camel_case()).or_insert_with(|| head.to_owned());
        file.push_str(&part);
    }
    Ok(files)
}

/// Splits the imports, which each file needs, from the declarations.
fn head(text: &str) -> Result<(&str, &str), Box<dyn Error>> {
    const END: &str = "import scalekit_ffiFFI\n#endif\n";
    let at = text.find(END).ok_or("the generated Swift does not import its library")?;
    Ok(text.split_at(at + END.len()))
}

/// A declaration for one file becomes one for the module. Members of types that are private stay so.
fn visible_in_module(text: &str) -> String {
    text::lines(&text.replace("fileprivate ", ""), |line| {
        line.strip_prefix("private ").unwrap_or(line).to_owned()
    })
}

/// Top-level declarations, each with the comments, attributes and conditions before it.
fn parts(text: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut depth, mut conditions, mut is_declared, mut has_body) = (0_i32, 0_i32, false, false);
    for line in text.split_inclusive('\n') {
        part.push_str(line);
        let code = text::code(line).trim();
        if code.starts_with('#') {
            conditions += i32::from(code.starts_with("#if")) - i32::from(code.starts_with("#endif"));
        } else if !code.is_empty() {
            is_declared |= depth == 0 && !code.starts_with('@');
            has_body |= code.contains('{') || is_variable(code);
            depth += brackets(code);
        }
        if is_declared && has_body && depth == 0 && conditions == 0 {
            parts.push(std::mem::take(&mut part));
            (is_declared, has_body) = (false, false);
        }
    }
    if depth != 0 || conditions != 0 || is_declared {
        return Err("a declaration of the generated Swift has no end".into());
    }
    if let Some(last) = parts.last_mut() {
        last.push_str(&part);
    }
    Ok(parts)
}

fn is_variable(code: &str) -> bool {
    code.split(' ').any(|word| word == "let" || word == "var")
}

/// How many more brackets a line opens than it closes.
fn brackets(code: &str) -> i32 {
    code.chars().fold(0, |depth, letter| match letter {
        '{' | '(' | '[' => depth + 1,
        '}' | ')' | ']' => depth - 1,
        _ => depth,
    })
}

/// The name of what a part declares.
fn declared_name(part: &str) -> Option<&str> {
    let line = part.lines().map(text::code).map(str::trim).find(|line| {
        !line.is_empty()
            && !line.starts_with(['#', '@'])
            && line.split(' ').any(|word| KEYWORDS.contains(&word))
    })?;
    let mut words = line.split([' ', '(', ':', '<', '{']);
    words.find(|word| KEYWORDS.contains(word))?;
    words.find(|word| !word.is_empty())
}

/// The type that a declaration is about: `User` for `FfiConverterOptionTypeUser` and `FfiConverterTypeUser_lift`.
fn type_of(name: &str) -> &str {
    let name = SUFFIXES.iter().fold(name, |name, suffix| name.strip_suffix(suffix).unwrap_or(name));
    let Some(converted) = name.strip_prefix(CONVERTER) else { return name };
    PREFIXES.iter().fold(converted, |name, prefix| name.strip_prefix(prefix).unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "// Generated.
import Foundation
#if canImport(scalekit_ffiFFI)
import scalekit_ffiFFI
#endif

fileprivate let limit = 1
private func call() {
}

/**
 * A user {.
 */
public struct User: Equatable {
    fileprivate init() {
    }

    private let id = 7

public func get(
    id: String
) -> String {
    return id
}
}

#if compiler(>=6)
extension User: Sendable {}
#endif

#if swift(>=5.8)
@_documentation(visibility: private)
#endif
fileprivate struct FfiConverterOptionTypeUser: FfiConverterRustBuffer {
}
public func FfiConverterTypeUser_lift(_ buf: RustBuffer) throws -> User {
}
public 
enum Order {
}
";

    fn files() -> BTreeMap<String, String> {
        let area =
            |name: &str| [("User", "users"), ("Order", "sort_orders")].into_iter().find(|(n, _)| *n == name);
        split(TEXT.to_owned(), |name| area(name).map(|(_, area)| area)).unwrap()
    }

    #[test]
    fn each_declaration_is_in_the_file_of_its_area() {
        let files = files();
        assert_eq!(files.keys().collect::<Vec<_>>(), ["Runtime", "SortOrders", "Users"]);
        for part in [
            "struct User: Equatable {",
            "extension User: Sendable {}\n#endif\n",
            "FfiConverterOptionTypeUser",
            "_lift",
        ] {
            assert!(files["Users"].contains(part), "{part}: {files:?}");
        }
        assert!(files["SortOrders"].ends_with("#endif\npublic \nenum Order {\n}\n"));
        assert!(files["Runtime"].ends_with("#endif\n\nlet limit = 1\nfunc call() {\n}\n"));
    }

    #[test]
    fn every_file_imports_the_library_and_nothing_is_lost() {
        let files = files();
        assert!(files.values().all(|text| text.starts_with("// Generated.\nimport Foundation\n")));
        let length: usize = files.values().map(String::len).sum();
        let (head, body) = head(TEXT).unwrap();
        assert_eq!(length, files.len() * head.len() + visible_in_module(body).len());
        assert!(files.values().all(|text| !text.contains("fileprivate")));
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(split(TEXT.replace("import scalekit_ffiFFI", ""), |_| None).is_err());
        assert!(split(format!("{TEXT}struct Open {{\n"), |_| None).is_err());
    }
}
