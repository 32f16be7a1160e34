//! Turns getters into properties: `client.organizations` instead of `client.organizations()`, `session.expiresAt`
//! instead of `session.expiresAt()`. Methods that perform an action stay methods.

use crate::edit::Edited;
use crate::swift::text;

/// How the declarations of methods start, and those of the properties: in classes, in records, and static ones.
const DECLARED: [(&str, &str); 3] = [
    ("open func ", "open var "),
    ("public func ", "public var "),
    ("public static func ", "public static var "),
];

pub fn finish(text: String) -> Edited {
    let (mut declared, mut required) = (0, 0);
    let mut others = 0;
    let text = within(&text, &["open class", "public struct"], |line| {
        DECLARED.into_iter().find_map(|(starts, var)| {
            let (name, of) = property(line, starts)?;
            match starts {
                "open func " => declared += 1,
                _ => others += 1,
            }
            Some(format!("{var}{name}: {of} {{"))
        })
    });
    let text = within(&text, &["public protocol"], |line| {
        property(line, "    func ").map(|(name, of)| {
            required += 1;
            format!("    var {name}: {of} {{ get }}")
        })
    });
    if declared == 0 || declared != required {
        return Err(format!("{declared} properties in classes, {required} in their protocols").into());
    }
    if others == 0 {
        return Err("no property found in records, and no static one".into());
    }
    Ok(text)
}

/// Rewrites the lines of the types that are declared with one of `words`.
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

/// Returns name and type if the line declares a getter: a synchronous, infallible method without arguments that neither
/// is an action nor returns a pager.
fn property<'a>(line: &'a str, starts: &str) -> Option<(&'a str, &'a str)> {
    let name = text::function_name(line, starts)?;
    let (_, rest) = line.split_once("()")?;
    let of = rest.trim_start().strip_prefix("-> ")?.trim_end_matches('{').trim_end();
    (!is_action(name) && !of.ends_with("Pager")).then_some((name, of))
}

/// Whether a name denotes an action: a conversion such as `toText`, or `reveal`, which discloses a secret.
fn is_action(name: &str) -> bool {
    let converts = name.strip_prefix("to").is_some_and(|rest| rest.starts_with(char::is_uppercase));
    converts || name == "reveal"
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
    fn getters_become_properties() {
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
    fn actions_stay_methods() {
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
    fn class_and_protocol_mismatch_is_rejected() {
        assert!(finish(TEXT.replace("    func things()", "    func thing(s: Int)")).is_err());
        assert!(
            finish(TEXT.replace("isMachine()", "is(a: Int)").replace("unchecked()", "x(a: Int)")).is_err()
        );
        assert!(finish(String::new()).is_err());
    }
}
