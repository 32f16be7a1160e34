//! Makes records plain data classes: the garbage collector frees what they hold, so they need no `destroy`.

use super::text::span;
use crate::edit::Edited;

/// A field of a record, as declared in the constructor.
pub struct Field {
    pub name: String,
    pub kind: String,
    pub default: bool,
}

pub fn finish(text: String) -> Edited {
    let records = text.matches("\ndata class ").count();
    let mut text = text;
    let mut plain = 0;
    while text.contains("\n): Disposable{") {
        text = text.replacen("\n): Disposable{", "\n){", 1);
        let begin = "    @Suppress(\"UNNECESSARY_SAFE_CALL\") // codegen is much simpler";
        let destroy = span(&text, begin, "\n    )\n    }\n")?;
        text.replace_range(destroy, "");
        plain += 1;
    }
    if records == 0 || text.contains("Disposable.destroy(") {
        return Err(format!("{records} records, {plain} of them disposable").into());
    }
    Ok(text)
}

/// Returns the records in order, with their fields.
pub fn all(text: &str) -> Result<Vec<(String, Vec<Field>)>, String> {
    let starts = text.match_indices("\ndata class ").map(|(at, begin)| at + begin.len());
    starts.map(|at| record(&text[at..])).collect()
}

fn record(text: &str) -> Result<(String, Vec<Field>), String> {
    let (name, rest) = text.split_once(" (\n").ok_or("a record without fields")?;
    let (fields, _) = rest.split_once("\n){").ok_or_else(|| format!("record {name} has no end"))?;
    let fields = fields.lines().filter_map(|line| line.strip_prefix("    val `")).map(field);
    Ok((
        name.to_owned(),
        fields.collect::<Option<_>>().ok_or_else(|| format!("record {name}: unexpected field"))?,
    ))
}

fn field(line: &str) -> Option<Field> {
    let (name, kind) = line.split_once("`: ")?;
    let (kind, default) = kind.split_once(" = ").map_or((kind, false), |(kind, _)| (kind, true));
    Some(Field { name: name.to_owned(), kind: kind.trim().to_owned(), default })
}

#[cfg(test)]
mod tests {
    use super::*;

    pub const SAMPLE: &str = "
data class Thing (
    /**
     * Its id.
     */
    val `id`: kotlin.String
    , 
    val `key`: SecretText? = null 
    
): Disposable{
    
    @Suppress(\"UNNECESSARY_SAFE_CALL\") // codegen is much simpler if we
    override fun destroy() {
        
    Disposable.destroy(
        this.`id`,
        this.`key`
    )
    }
    
    companion object
}
";

    #[test]
    fn records_are_not_disposable() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        assert!(
            !done.contains("Disposable") && done.contains("\n){\n") && done.contains("companion"),
            "{done}"
        );
        let records = all(&done).unwrap();
        let (name, fields) = &records[0];
        assert_eq!((name.as_str(), fields.len()), ("Thing", 2));
        assert!(!fields[0].default && fields[1].default && fields[1].kind == "SecretText?");
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(SAMPLE.replace("): Disposable{", "): Disposable {")).is_err());
        assert!(finish(SAMPLE.replace("@Suppress", "@Other")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
