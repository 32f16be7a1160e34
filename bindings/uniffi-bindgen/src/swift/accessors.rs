//! `client.organizations` instead of `client.organizations()`.

use crate::edit::Edited;
use crate::swift::text;

/// The classes whose methods without arguments that give another object are accessors.
const CLIENTS: &str = "ScalekitClient";

pub fn finish(text: String) -> Edited {
    let classes = text::names(&text, "open class");
    let (mut declared, mut promised) = (0, 0);
    let text = within(&text, "open class", CLIENTS, |line| {
        accessor(line, "open func ", &classes).map(|(name, of)| {
            declared += 1;
            format!("open var {name}: {of} {{")
        })
    });
    let text = within(&text, "public protocol", &format!("{CLIENTS}Protocol"), |line| {
        accessor(line, "    func ", &classes).map(|(name, of)| {
            promised += 1;
            format!("    var {name}: {of} {{ get }}")
        })
    });
    if declared == 0 || declared != promised {
        return Err(format!("{declared} accessors in the clients, {promised} in their protocols").into());
    }
    Ok(text)
}

/// Rewrites lines of the types whose name ends like this.
fn within(text: &str, words: &str, ends: &str, mut rewrite: impl FnMut(&str) -> Option<String>) -> String {
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for found in text::declared(text, words).into_iter().filter(|found| found.name.ends_with(ends)) {
        out += &text[done..found.range.start];
        out +=
            &text::lines(&text[found.range.clone()], |line| rewrite(line).unwrap_or_else(|| line.to_owned()));
        done = found.range.end;
    }
    out + &text[done..]
}

/// Name and type, if the line declares a method without arguments that gives an object at once.
fn accessor<'a>(line: &'a str, starts: &str, classes: &[String]) -> Option<(&'a str, &'a str)> {
    let name = text::function_name(line, starts)?;
    let (_, rest) = line.split_once("()")?;
    let of = rest.trim_start().strip_prefix("-> ")?.trim_end_matches('{').trim_end();
    classes.iter().any(|class| class == of).then_some((name, of))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
public protocol ScalekitClientProtocol: AnyObject {
    func close()\x20
    func jwks() throws  -> Things
    func things()  -> Things
}
open class ScalekitClient: ScalekitClientProtocol {
open func close()  {
}
open func jwks()throws  -> Things  {
}
open func things() -> Things  {
}
open func text() -> String  {
}
}
open class Things {
open func other() -> Things  {
}
}
";

    #[test]
    fn accessors_become_properties() {
        let text = finish(TEXT.into()).unwrap();
        assert!(
            text.contains("    var things: Things { get }\n")
                && text.contains("\nopen var things: Things {\n")
        );
        assert!(text.contains("open func text()") && text.contains("open func other()"), "{text}");
        assert!(text.contains("open func jwks()throws") && text.contains("open func close()"), "{text}");
    }

    #[test]
    fn a_class_without_its_promise_stops_the_build() {
        assert!(finish(TEXT.replace("    func things()", "    func thing(s: Int)")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
