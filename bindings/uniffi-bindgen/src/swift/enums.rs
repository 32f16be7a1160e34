//! Open enumerations, which the service may extend: `wireValue` as a property, and an initializer from it.

use std::fmt::Write;

use crate::edit::{Edited, replace};
use crate::swift::text;

const METHOD: &str = "public func wireValue() -> String  {";
const UNKNOWN: &str = "unrecognized";

pub fn finish(text: String) -> Edited {
    let mut extensions = String::new();
    let mut open = 0;
    for found in text::declared(&text, "public enum") {
        let cases = text::cases(&text[found.range.clone()]);
        if !cases.contains(&UNKNOWN) {
            continue;
        }
        open += 1;
        let known: Vec<_> = cases.into_iter().filter(|case| *case != UNKNOWN).collect();
        extension(&mut extensions, &found.name, &known)?;
    }
    if open == 0 {
        return Err("no open enumeration found".into());
    }
    // The documentation names the case as well.
    let text = text.replace("`Unrecognized`", "`unrecognized`");
    Ok(replace(text, open, METHOD, "public var wireValue: String {")? + &extensions)
}

fn extension(out: &mut String, name: &str, known: &[&str]) -> std::fmt::Result {
    let known: Vec<_> = known.iter().map(|case| format!(".{}", case.trim_matches('`'))).collect();
    write!(
        out,
        "
extension {name} {{
    private static let known: [String: {name}] = {{
        let values: [{name}] = [{}]
        return Dictionary(values.map {{ ($0.wireValue, $0) }}) {{ first, _ in first }}
    }}()

    /// Creates a value from the text that the service uses. A text that this version does not know becomes
    /// `{UNKNOWN}`.
    public init(wireValue: String) {{
        self = Self.known[wireValue] ?? .{UNKNOWN}(value: wireValue)
    }}
}}
",
        known.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_enumerations_convert_to_and_from_wire_values() {
        let open = format!(
            " * Others are `Unrecognized`.\npublic enum Kind: Hashable {{\n    case a\n    case `b`\n    case unrecognized(\n        value: String\n    )\n{METHOD}\n}}\n}}\n"
        );
        let text = finish(format!("{open}public enum Closed {{\n    case c\n}}\n")).unwrap();
        assert!(text.contains("public var wireValue: String {\n"), "{text}");
        assert!(text.contains("values: [Kind] = [.a, .b]\n") && !text.contains("extension Closed"), "{text}");
        assert!(finish(open.replace(METHOD, "")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
