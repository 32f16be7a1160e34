//! Labels that only repeat what stands beside them are left out. An argument that is a record needs none, since its
//! type says what it is: `organizations.create(CreateOrganization(displayName: "Acme"))`. Nor does the first one where
//! the method names it already: `users.getByExternalId("u-42")`, `claims.hasRole("admin")`.

use crate::edit::Edited;
use crate::swift::text;

pub fn finish(text: String) -> Edited {
    let records = text::names(&text, "public struct");
    let (mut declared, mut promised) = (0, 0);
    let text = text::lines(&text, |line| {
        let mut apart = 0;
        let (starts, count) = match line {
            _ if line.starts_with("open func ") => ("open func ", &mut declared),
            _ if line.starts_with("    func ") && !line.ends_with('{') => ("    func ", &mut promised),
            // Records have no protocol, and what makes an object is in none.
            _ if line.starts_with("public func ") => ("public func ", &mut apart),
            _ if line.starts_with("public static func ") => ("public static func ", &mut apart),
            _ => return line.to_owned(),
        };
        unlabelled(line, starts, &records).map_or_else(
            || line.to_owned(),
            |(line, arguments)| {
                *count += arguments;
                line
            },
        )
    });
    if declared == 0 || declared != promised {
        return Err(format!(
            "{declared} arguments lose their label in classes, {promised} in their protocols"
        )
        .into());
    }
    Ok(text)
}

/// Whether a method's name says already what its first argument is.
pub fn repeats(method: &str, first: &str) -> bool {
    let named = method.to_lowercase().ends_with(&first.to_lowercase());
    // `oneOf` reaches for what follows, whatever it is.
    named || method.ends_with("Of")
}

/// The line without the labels that it can do without, and how many there were.
fn unlabelled(line: &str, starts: &str, records: &[String]) -> Option<(String, usize)> {
    let method = text::function_name(line, starts)?;
    let range = text::parameters(line)?;
    let mut count = 0;
    let parameters: Vec<_> = text::split(&line[range.clone()])
        .into_iter()
        .enumerate()
        .map(|(at, parameter)| {
            let (label, of) = parameter.split_once(": ").unwrap_or_default();
            let of = of.split([' ', '=']).next().unwrap_or_default();
            // The generator's own functions have none as it is.
            let has_one = !label.is_empty() && !label.contains(' ');
            // What makes an object labels its arguments as its initialisers do.
            let record = !starts.contains("static") && records.iter().any(|record| record == of);
            if has_one && (record || (at == 0 && repeats(method, label))) {
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
    fn records_lose_their_label() {
        let text = finish(TEXT.into()).unwrap();
        assert!(text.contains("    func update(id: String, _ new: New) throws"), "{text}");
        assert!(text.contains("open func update(id: String, _ new: New = New(a: 1, b: 2))throws"), "{text}");
    }

    #[test]
    fn what_the_method_says_already_loses_its_label() {
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
    fn a_class_without_its_promise_stops_the_build() {
        assert!(finish(TEXT.replace("    func update", "   func update")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
