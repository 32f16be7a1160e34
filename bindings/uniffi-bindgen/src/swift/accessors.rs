//! `client.organizations` instead of `client.organizations()`, `session.expiresAt` instead of `session.expiresAt()`:
//! what only says what something is reads as a property. What does something keeps its parentheses.

use crate::edit::Edited;
use crate::swift::text;

/// How methods of classes, of records, and those that make an object begin.
const DECLARED: [(&str, &str); 3] = [
    ("open func ", "open var "),
    ("public func ", "public var "),
    ("public static func ", "public static var "),
];

pub fn finish(text: String) -> Edited {
    let (mut declared, mut promised) = (0, 0);
    let mut made = 0;
    let text = within(&text, &["open class", "public struct"], |line| {
        DECLARED.into_iter().find_map(|(starts, var)| {
            let (name, of) = property(line, starts)?;
            match starts {
                "open func " => declared += 1,
                _ => made += 1,
            }
            Some(format!("{var}{name}: {of} {{"))
        })
    });
    let text = within(&text, &["public protocol"], |line| {
        property(line, "    func ").map(|(name, of)| {
            promised += 1;
            format!("    var {name}: {of} {{ get }}")
        })
    });
    if declared == 0 || declared != promised {
        return Err(format!("{declared} properties in classes, {promised} in their protocols").into());
    }
    if made == 0 {
        return Err("neither a record nor an object made by a name has a property".into());
    }
    Ok(text)
}

/// Rewrites lines of the types that are declared with one of these words.
fn within(text: &str, words: &[&str], mut rewrite: impl FnMut(&str) -> Option<String>) -> String {
    let shown = |found: &text::Declared| !found.name.starts_with("FfiConverter");
    let mut all: Vec<_> = words.iter().flat_map(|words| text::declared(text, words)).filter(shown).collect();
    all.sort_by_key(|found| found.range.start);
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for found in all {
        out += &text[done..found.range.start];
        out +=
            &text::lines(&text[found.range.clone()], |line| rewrite(line).unwrap_or_else(|| line.to_owned()));
        done = found.range.end;
    }
    out + &text[done..]
}

/// Name and type, if the line declares a method without arguments that has its answer at hand, and says what it is.
fn property<'a>(line: &'a str, starts: &str) -> Option<(&'a str, &'a str)> {
    let name = text::function_name(line, starts)?;
    let (_, rest) = line.split_once("()")?;
    let of = rest.trim_start().strip_prefix("-> ")?.trim_end_matches('{').trim_end();
    (!acts(name) && !of.ends_with("Pager")).then_some((name, of))
}

/// Whether a name is a verb: it turns something into something else, or shows what is better hidden.
fn acts(name: &str) -> bool {
    let turns = name.strip_prefix("to").is_some_and(|rest| rest.starts_with(char::is_uppercase));
    turns || name == "reveal"
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
public protocol ScalekitClientProtocol: AnyObject {
    func close()\x20
    func jwks() throws  -> Things
    func things()  -> Things
    func all()  -> ThingPager
    func toText()  -> String
}
open class ScalekitClient: ScalekitClientProtocol {
public static func unchecked() -> ScalekitClient  {
}
open func close()  {
}
open func jwks()throws  -> Things  {
}
open func things() -> Things  {
}
open func all() -> ThingPager  {
}
open func toText() -> String  {
}
}
public struct Claims {
public func isMachine() -> Bool  {
}
public func reveal() -> String  {
}
}
public func top() -> String  {
}
";

    #[test]
    fn what_says_what_it_is_becomes_a_property() {
        let text = finish(TEXT.into()).unwrap();
        for part in [
            "\n    var things: Things { get }\n",
            "\nopen var things: Things {\n",
            "\npublic static var unchecked: ScalekitClient {\n",
            "\npublic var isMachine: Bool {\n",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }

    #[test]
    fn what_does_something_stays_a_method() {
        let text = finish(TEXT.into()).unwrap();
        for part in [
            "open func jwks()throws",
            "open func close()",
            "open func all() -> ThingPager",
            "open func toText()",
            "    func toText()",
            "public func reveal()",
            "public func top()",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }

    #[test]
    fn a_class_without_its_promise_stops_the_build() {
        assert!(finish(TEXT.replace("    func things()", "    func thing(s: Int)")).is_err());
        assert!(
            finish(TEXT.replace("isMachine()", "is(a: Int)").replace("unchecked()", "x(a: Int)")).is_err()
        );
        assert!(finish(String::new()).is_err());
    }
}
