//! What a value says about itself, as properties: `session.subject`, not `session.subject()`.

use crate::edit::Edited;

/// A name that begins so says what is done, or what holds just now.
const VERBS: [&str; 3] = ["to", "reveal", "needs"];

/// Every method of a class or record that takes nothing, cannot fail, and is named for what it gives.
pub fn finish(text: String) -> Edited {
    let (mut inside, mut fails, mut count) = (false, false, 0);
    let lines = text.split_inclusive('\n').map(|line| {
        inside = match line {
            _ if line.starts_with("class ") || line.starts_with("data class ") => true,
            // What belongs to no value stands at the end, in the companion; brackets are not always indented.
            _ if line.starts_with(char::is_alphabetic) || line.starts_with("    companion object") => false,
            _ => inside,
        };
        let property = if inside && !fails { property(line) } else { None };
        fails = line.contains("@Throws");
        count += usize::from(property.is_some());
        property.unwrap_or_else(|| line.to_owned())
    });
    let text = lines.collect();
    if count == 0 { Err("no value says anything about itself".into()) } else { Ok(text) }
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
    fn what_a_value_says_is_a_property() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        let expected = SAMPLE
            .replace("fun `subject`(): kotlin.String {", "val `subject`: kotlin.String get() {")
            .replace("fun `id`(): kotlin.String {", "val `id`: kotlin.String get() {")
            .replace("fun `token`(): kotlin.Boolean {", "val `token`: kotlin.Boolean get() {");
        assert_eq!(done, expected);
    }

    #[test]
    fn another_text_is_refused() {
        assert!(finish(SAMPLE.replace("(): ", "() : ")).is_err());
    }
}
