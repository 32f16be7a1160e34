//! Names in Kotlin.

use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToUpperCamelCase};

/// Words that cannot be names.
const KEYWORDS: [&str; 28] = [
    "as",
    "break",
    "class",
    "continue",
    "do",
    "else",
    "false",
    "for",
    "fun",
    "if",
    "in",
    "interface",
    "is",
    "null",
    "object",
    "package",
    "return",
    "super",
    "this",
    "throw",
    "true",
    "try",
    "typealias",
    "typeof",
    "val",
    "var",
    "when",
    "while",
];

/// The name of a class.
pub fn class(name: &str) -> String {
    if name == "ScalekitError" { "ScalekitException".into() } else { name.to_upper_camel_case() }
}

/// The name of a method, a field or an argument.
pub fn member(name: &str) -> String {
    let name = name.to_lower_camel_case();
    if KEYWORDS.contains(&name.as_str()) { format!("`{name}`") } else { name }
}

/// The name of a method without backticks, as part of a longer one.
pub fn part(name: &str) -> String {
    name.to_lower_camel_case()
}

/// The name of a value of a closed enumeration.
pub fn constant(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// The name of a variant that is a class.
pub fn variant(name: &str) -> String {
    name.to_upper_camel_case()
}

/// The file of an area.
pub fn file(area: &str) -> String {
    area.to_upper_camel_case()
}

/// The object that has the native functions of a class.
pub fn functions(class: &str) -> String {
    format!("{class}Functions")
}

/// The object that writes and reads the JSON of a class.
pub fn codec(class: &str) -> String {
    format!("{class}Codec")
}

/// The function that creates an object of a class from an address.
pub fn creator(class: &str) -> String {
    format!("{}Of", class.to_lower_camel_case())
}
