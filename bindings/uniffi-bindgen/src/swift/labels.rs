//! An argument that is a record needs no label, since its type says what it is:
//! `organizations.create(CreateOrganization(displayName: "Acme"))`.

use crate::edit::Edited;
use crate::swift::text;

pub fn finish(text: String) -> Edited {
    let records = text::names(&text, "public struct");
    let (mut declared, mut promised) = (0, 0);
    let text = text::lines(&text, |line| {
        let count = match line {
            _ if line.starts_with("open func ") => &mut declared,
            _ if line.starts_with("    func ") && !line.ends_with('{') => &mut promised,
            _ => return line.to_owned(),
        };
        unlabelled(line, &records).map_or_else(
            || line.to_owned(),
            |(line, arguments)| {
                *count += arguments;
                line
            },
        )
    });
    if declared == 0 || declared != promised {
        return Err(
            format!("{declared} records are arguments in classes, {promised} in their protocols").into()
        );
    }
    Ok(text)
}

/// The line without the labels of records, and how many there were.
fn unlabelled(line: &str, records: &[String]) -> Option<(String, usize)> {
    let range = text::parameters(line)?;
    let mut count = 0;
    let parameters: Vec<_> = text::split(&line[range.clone()])
        .into_iter()
        .map(|parameter| {
            let of =
                parameter.split_once(": ").map_or("", |(_, of)| of.split([' ', '=']).next().unwrap_or(""));
            if records.iter().any(|record| record == of) {
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
    fn a_class_without_its_promise_stops_the_build() {
        assert!(finish(TEXT.replace("    func update", "   func update")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
