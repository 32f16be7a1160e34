//! Turns the getters of values into properties: `session.subject` instead of `session.subject()`.

use crate::edit::Edited;

/// Prefixes of names that stay methods: conversions, disclosure of a secret, and checks that depend on the current
/// time.
const VERBS: [&str; 3] = ["to", "reveal", "needs"];

/// Converts every infallible method of a class or record that takes no arguments and does not start with a verb.
pub fn finish(text: String) -> Edited {
    let (mut inside, mut fails, mut count) = (false, false, 0);
    let lines = text.split_inclusive('\n').map(|line| {
        inside = match line {
            _ if line.starts_with("class ") || line.starts_with("data class ") => true,
            // The companion object comes last and holds the static members. A `}` at the start of a line does not
            // mark the end of a class, since the generator does not always indent braces.
            _ if line.starts_with(char::is_alphabetic) || line.starts_with("    companion object") => false,
            _ => inside,
        };
        let property = if inside && !fails { property(line) } else { None };
        fails = line.contains("@Throws");
        count += usize::from(property.is_some());
        property.unwrap_or_else(|| line.to_owned())
    });
    let text = lines.collect();
    if count == 0 { Err("no getter found".into()) } else { Ok(text) }
}

fn property(line: &str) -> Option<String> {
    let (before, rest) = line.split_once("fun `")?;
    let (name, kind) = rest.strip_suffix(" {\n")?.split_once("`(): ")?;
    let own = before.trim().trim_start_matches("*/").is_empty();
    let verb = VERBS.iter().any(|verb| name.strip_prefix(verb).is_some_and(|rest| !rest.starts_with(lower)));
    (own && !verb).then(|| format!("{before}val `{name}`: {kind} get() {{\n"))
}

fn lower(c: char) -> bool {
    c.is_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "
class Session
{
    fun `subject`(): kotlin.String {
}
    }
    fun `id`(): kotlin.String {
    }
    fun `toText`(): SecretText {
    }
    @Throws(ScalekitException::class)
    fun `load`(): kotlin.String {
    }
    fun `finish`(`a`: A): B {
    }
    companion object {
     */ fun `none`(): Session {
    }
    }
}

data class Claims (
){
     */ fun `token`(): kotlin.Boolean {
    }
}

public object FfiConverterTypeClaims {
}

 */ fun `operations`(): List<A> {
}
";

    #[test]
    fn getters_become_properties() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        let expected = SAMPLE
            .replace("fun `subject`(): kotlin.String {", "val `subject`: kotlin.String get() {")
            .replace("fun `id`(): kotlin.String {", "val `id`: kotlin.String get() {")
            .replace("fun `token`(): kotlin.Boolean {", "val `token`: kotlin.Boolean get() {");
        assert_eq!(done, expected);
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(SAMPLE.replace("(): ", "() : ")).is_err());
    }
}
