//! What Java needs: it knows no default arguments and no companions.

use std::collections::BTreeSet;

use super::records::{Field, all};
use super::text::{brackets, class, objects, signatures};
use crate::edit::{Edited, replace};

pub fn finish(text: String) -> Edited {
    let text = overloads(text)?;
    let records = all(&text)?;
    let sent = sent(&text, &records)?;
    records.iter().filter(|(name, fields)| sent.contains(name) && fields.iter().any(|f| f.default)).try_fold(
        text,
        |text, (name, fields)| {
            class(text, name, |text| {
                let header = format!("class {name} (\n");
                let text = replace(text, 1, &header, &format!("class {name} @JvmOverloads constructor(\n"))?;
                replace(text, 1, "\n){", &format!("\n){{\n{}", copies(name, fields)))
            })
        },
    )
}

/// Constructors, static methods and methods of objects with optional arguments.
fn overloads(text: String) -> Edited {
    let objects = objects(&text);
    let text = objects.iter().try_fold(text, |text, name| class(text, name, |text| Ok(statics(&text))))?;
    if !text.contains(" @JvmStatic fun `") {
        return Err("no class has static methods".into());
    }
    objects.iter().try_fold(text, |text, name| {
        class(text, name, |text| {
            let text = marked(text, "    constructor(")?;
            let text = marked(text, "\n    fun `")?;
            marked(text, "@JvmStatic fun `")
        })
    })
}

/// Methods of a companion, as Java has them: without `Companion`.
fn statics(text: &str) -> String {
    let (own, companion) = text.split_at(text.find("    companion object {\n").unwrap_or(text.len()));
    own.to_owned() + &companion.replace(" fun `", " @JvmStatic fun `")
}

/// Marks each function that begins so and has an argument with a default.
fn marked(mut text: String, begin: &str) -> Edited {
    let keyword = begin.len() - begin.trim_end_matches("constructor(").trim_end_matches("fun `").len();
    let starts: Vec<usize> = text.match_indices(begin).map(|(at, _)| at + begin.len()).collect();
    for start in starts.into_iter().rev() {
        let open =
            if begin.ends_with('(') { start - 1 } else { start + text[start..].find('(').ok_or("no (")? };
        let end = open + brackets(&text[open..])?;
        if text[open..end].contains(" = ") {
            text.insert_str(start - keyword, "@JvmOverloads ");
        }
    }
    Ok(text)
}

/// The records that a caller makes: what methods take, and what is in it.
fn sent(text: &str, records: &[(String, Vec<Field>)]) -> Result<BTreeSet<String>, String> {
    let mut mentioned: Vec<String> =
        signatures(text)?.into_iter().map(|(_, parameters)| parameters).collect();
    let constructors = text.match_indices(" constructor(`").map(|(at, _)| &text[at + " constructor".len()..]);
    for rest in constructors {
        mentioned.push(rest[..brackets(rest)?].to_owned());
    }
    let mut sent = BTreeSet::new();
    while let Some(place) = mentioned.pop() {
        let words: BTreeSet<&str> = place.split(|c: char| !c.is_alphanumeric()).collect();
        for (name, fields) in records.iter().filter(|(name, _)| words.contains(name.as_str())) {
            if sent.insert(name.clone()) {
                mentioned.extend(fields.iter().map(|field| field.kind.clone()));
            }
        }
    }
    Ok(sent)
}

/// `with…` for each field that may be left out.
fn copies(name: &str, fields: &[Field]) -> String {
    let optional = fields.iter().filter(|field| field.default);
    let copies = optional.map(|Field { name: field, kind, .. }| {
        let (first, rest) = field.split_at(1);
        format!(
            "    /**\n     * The same with another `{field}`; for Java, which has no named arguments.\n     */\n    \
             fun `with{}{rest}`(`{field}`: {kind}): {name} = copy(`{field}` = `{field}`)\n\n",
            first.to_uppercase()
        )
    });
    copies.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "
data class Inner (
    val `size`: kotlin.Long? = null 
    
){
    companion object
}

data class Answer (
    val `id`: kotlin.String = \"\" 
    
){
    companion object
}

data class New (
    val `name`: kotlin.String
    , 
    val `inner`: List<Inner> = listOf() 
    
){
    companion object
}

class Things
{
    constructor(`url`: kotlin.String, `inner`: Inner = Inner()) :
    fun `delete`(`new`: New)
    companion object {
    @Throws(ScalekitException::class) fun `create`(`new`: New = New()): Answer
    fun `nothing`(): Things
    }
}

public object FfiConverterTypeThings: FfiConverter<Things, Long> {
}
";

    #[test]
    fn defaults_are_overloads_and_records_have_copies() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        assert!(done.contains("    @JvmOverloads constructor(`url`"), "{done}");
        assert!(done.contains("@JvmStatic @JvmOverloads fun `create`"), "{done}");
        assert!(done.contains("    @JvmStatic fun `nothing`") && done.contains("    fun `delete`"), "{done}");
        assert!(done.contains("data class New @JvmOverloads constructor(\n"), "{done}");
        assert!(
            done.contains("fun `withInner`(`inner`: List<Inner>): New = copy(`inner` = `inner`)"),
            "{done}"
        );
        assert!(done.contains("fun `withSize`(") && !done.contains("fun `withName`("), "{done}");
        assert!(done.contains("data class Answer (\n") && !done.contains("fun `withId`("), "{done}");
    }

    #[test]
    fn another_text_is_refused() {
        assert!(finish(SAMPLE.replace("companion object {", "companion object")).is_err());
    }
}
