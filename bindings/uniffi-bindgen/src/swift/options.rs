//! Options print header names but not values, which may be credentials, such as the key of a gateway.

use std::fmt::Write;

use crate::edit::Edited;
use crate::swift::text;

const HEADERS: &str = "    public let headers: [String: String]";

pub fn finish(text: String) -> Edited {
    let mut extensions = String::new();
    for found in text::declared(&text, "public struct") {
        let body = &text[found.range.clone()];
        if found.name.ends_with("Options") && body.lines().any(|line| line == HEADERS) {
            extension(&mut extensions, &found.name, &fields(body))?;
        }
    }
    if extensions.is_empty() {
        return Err("no options with headers found".into());
    }
    Ok(text + &extensions)
}

fn fields(body: &str) -> Vec<&str> {
    body.lines().filter_map(|line| Some(line.strip_prefix("    public let ")?.split_once(": ")?.0)).collect()
}

fn extension(out: &mut String, name: &str, fields: &[&str]) -> std::fmt::Result {
    write!(
        out,
        "
extension {name}: CustomReflectable {{
    /// Shows the names of the headers without their values.
    public var customMirror: Mirror {{
        let children: [(label: String?, value: Any)] = [
"
    )?;
    for field in fields {
        let value = if *field == "headers" { "headers.keys.sorted()" } else { field };
        writeln!(out, "            (\"{field}\", {value} as Any),")?;
    }
    writeln!(
        out,
        "        ]\n        return Mirror(self, children: children, displayStyle: .struct)\n    }}\n}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_values_are_not_printed() {
        let text = finish(format!(
            "public struct CallOptions {{\n    public let retry: Int?\n{HEADERS}\n}}\npublic struct Answer {{\n{HEADERS}\n}}\n"
        ))
        .unwrap();
        assert!(text.contains("(\"retry\", retry as Any),\n"), "{text}");
        assert!(text.contains("(\"headers\", headers.keys.sorted() as Any),\n"), "{text}");
        assert!(!text.contains("extension Answer") && finish(String::new()).is_err());
    }
}
