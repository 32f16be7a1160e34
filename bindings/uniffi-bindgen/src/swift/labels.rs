//! Removes redundant argument labels: those of records, which their type describes, as in
//! `organizations.create(CreateOrganization(displayName: "Acme"))`, and that of a first argument that the method
//! already names, as in `users.getByExternalId("u-42")` and `claims.hasRole("admin")`.

use crate::edit::Edited;
use crate::interface::RECORD_FOR_RUNTIMES;
use crate::swift::text;

pub fn finish(text: String) -> Edited {
    let mut records = text::names(&text, "public struct");
    // The method of a callback interface takes it: the generated code calls that with a label.
    records.retain(|record| record != RECORD_FOR_RUNTIMES);
    let (mut declared, mut required) = (0, 0);
    let text = text::lines(&text, |line| {
        let mut without_protocol = 0;
        let (starts, count) = match line {
            _ if line.starts_with("open func ") => ("open func ", &mut declared),
            _ if line.starts_with("    func ") && !line.ends_with('{') => ("    func ", &mut required),
            // Records have no protocol, and the protocols of classes have no static methods.
            _ if line.starts_with("public func ") => ("public func ", &mut without_protocol),
            _ if line.starts_with("public static func ") => ("public static func ", &mut without_protocol),
            _ => return line.to_owned(),
        };
        unlabeled(line, starts, &records).map_or_else(
            || line.to_owned(),
            |(line, arguments)| {
                *count += arguments;
                line
            },
        )
    });
    if declared == 0 || declared != required {
        return Err(format!(
            "{declared} arguments lose their label in classes, {required} in their protocols"
        )
        .into());
    }
    Ok(text)
}

/// Whether the name of a method already names its first argument.
pub fn names_argument(method: &str, first: &str) -> bool {
    let ends_with_label = method.to_lowercase().ends_with(&first.to_lowercase());
    // A name such as `oneOf` reads on into any argument.
    ends_with_label || method.ends_with("Of")
}

/// Returns the line without redundant labels, and the number of labels removed.
fn unlabeled(line: &str, starts: &str, records: &[String]) -> Option<(String, usize)> {
    let method = text::function_name(line, starts)?;
    let range = text::parameters(line)?;
    let mut count = 0;
    let parameters: Vec<_> = text::split(&line[range.clone()])
        .into_iter()
        .enumerate()
        .map(|(at, parameter)| {
            let (label, of) = parameter.split_once(": ").unwrap_or_default();
            let of = of.split([' ', '=']).next().unwrap_or_default();
            // The generator's own functions have no labels.
            let has_label = !label.is_empty() && !label.contains(' ');
            // Static methods that create an object keep the labels of records, as initializers do.
            let record = !starts.contains("static") && records.iter().any(|record| record == of);
            if has_label && (record || (at == 0 && names_argument(method, label))) {
                count += 1;
                format!("_ {parameter}")
            } else {
                parameter.to_owned()
            }
        })
        .collect();
    (count > 0)
        .then(|| (format!("{}{}{}", &line[..range.start], parameters.join(", "), &line[range.end..]), count))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
public struct New {}
public protocol P {
    func update(id: String, new: New) throws  -> Thing
}
open class C {
open func update(id: String, new: New = New(a: 1, b: 2))throws  -> Thing  {
}
}
";

    #[test]
    fn record_arguments_lose_their_label() {
        let text = finish(TEXT.into()).unwrap();
        assert!(text.contains("    func update(id: String, _ new: New) throws"), "{text}");
        assert!(text.contains("open func update(id: String, _ new: New = New(a: 1, b: 2))throws"), "{text}");
    }

    #[test]
    fn argument_of_a_callback_interface_keeps_its_label() {
        let more = "public struct LogEvent {}\npublic protocol H {\n    func handle(event: LogEvent)\n}\n";
        let text = finish(format!("{TEXT}{more}")).unwrap();
        assert!(text.contains("    func handle(event: LogEvent)\n"), "{text}");
    }

    #[test]
    fn first_argument_named_by_the_method_loses_its_label() {
        let more = "\
open func getByExternalId(externalId: String, id: String) -> A  {
    func getByExternalId(externalId: String, id: String)  -> A
public func hasRole(role: String) -> Bool  {
public static func oneOf(audiences: [String]) -> A  {
public static func deny(reason: String, new: New) -> A  {
fileprivate func hasRole(role: String) {
public func FfiConverterTypeNew_lower(_ value: New) -> RustBuffer {
";
        let text = finish(format!("{TEXT}{more}")).unwrap();
        for part in [
            "open func getByExternalId(_ externalId: String, id: String) -> A",
            "    func getByExternalId(_ externalId: String, id: String)  -> A",
            "\npublic func hasRole(_ role: String)",
            "static func oneOf(_ audiences: [String])",
            "static func deny(reason: String, new: New)",
            "fileprivate func hasRole(role: String)",
            "_lower(_ value: New)",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }

    #[test]
    fn class_and_protocol_mismatch_is_rejected() {
        assert!(finish(TEXT.replace("    func update", "   func update")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
