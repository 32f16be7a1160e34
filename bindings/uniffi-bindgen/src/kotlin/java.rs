//! Additions for Java, which has no default arguments and no companion objects.

use std::collections::BTreeSet;

use super::records::{Field, all};
use super::text::{class, objects, parameters_len, signatures};
use crate::edit::{Edited, replace};

pub fn finish(text: String) -> Edited {
    let text = overloads(text)?;
    let records = all(&text)?;
    let inputs = input_records(&text, &records)?;
    records
        .iter()
        .filter(|(name, fields)| inputs.contains(name) && fields.iter().any(|f| f.default))
        .try_fold(text, |text, (name, fields)| {
            class(text, name, |text| {
                let header = format!("class {name} (\n");
                let text = replace(text, 1, &header, &format!("class {name} @JvmOverloads constructor(\n"))?;
                replace(text, 1, "\n){", &format!("\n){{\n{}", with_methods(name, fields)))
            })
        })
}

/// Makes companion methods static, and adds overloads to constructors, methods and static methods with optional
/// arguments.
fn overloads(text: String) -> Edited {
    let objects = objects(&text);
    let text = objects.iter().try_fold(text, |text, name| class(text, name, |text| Ok(statics(&text))))?;
    if !text.contains(" @JvmStatic fun `") {
        return Err("no class has static methods".into());
    }
    objects.iter().try_fold(text, |text, name| {
        class(text, name, |text| {
            let text = with_overloads(text, "    constructor(")?;
            let text = with_overloads(text, "\n    fun `")?;
            with_overloads(text, "@JvmStatic fun `")
        })
    })
}

/// Marks companion methods as static, so that Java calls them without `Companion`.
fn statics(text: &str) -> String {
    let (own, companion) = text.split_at(text.find("    companion object {\n").unwrap_or(text.len()));
    own.to_owned() + &companion.replace(" fun `", " @JvmStatic fun `")
}

/// Adds `@JvmOverloads` to each function that starts with `begin` and has an argument with a default.
fn with_overloads(mut text: String, begin: &str) -> Edited {
    let keyword = begin.len() - begin.trim_end_matches("constructor(").trim_end_matches("fun `").len();
    let starts: Vec<usize> = text.match_indices(begin).map(|(at, _)| at + begin.len()).collect();
    for start in starts.into_iter().rev() {
        let open =
            if begin.ends_with('(') { start - 1 } else { start + text[start..].find('(').ok_or("no (")? };
        let end = open + parameters_len(&text[open..])?;
        if text[open..end].contains(" = ") {
            text.insert_str(start - keyword, "@JvmOverloads ");
        }
    }
    Ok(text)
}

/// Returns the records that callers create: those that functions take, and the records nested in them.
fn input_records(text: &str, records: &[(String, Vec<Field>)]) -> Result<BTreeSet<String>, String> {
    let mut mentioned: Vec<String> =
        signatures(text)?.into_iter().map(|(_, parameters)| parameters).collect();
    let constructors = text.match_indices(" constructor(`").map(|(at, _)| &text[at + " constructor".len()..]);
    for rest in constructors {
        mentioned.push(rest[..parameters_len(rest)?].to_owned());
    }
    let mut inputs = BTreeSet::new();
    while let Some(types) = mentioned.pop() {
        let words: BTreeSet<&str> = types.split(|c: char| !c.is_alphanumeric()).collect();
        for (name, fields) in records.iter().filter(|(name, _)| words.contains(name.as_str())) {
            if inputs.insert(name.clone()) {
                mentioned.extend(fields.iter().map(|field| field.kind.clone()));
            }
        }
    }
    Ok(inputs)
}

/// Writes a `with…` method for each optional field.
fn with_methods(name: &str, fields: &[Field]) -> String {
    let optional = fields.iter().filter(|field| field.default);
    let methods = optional.map(|Field { name: field, kind, .. }| {
        let (first, rest) = field.split_at(1);
        format!(
            "    /**\n     * Returns a copy with the given `{field}`. For Java, which has no named arguments.\n     */\n    \
             fun `with{}{rest}`(`{field}`: {kind}): {name} = copy(`{field}` = `{field}`)\n\n",
            first.to_uppercase()
        )
    });
    methods.collect()
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
    fn optional_arguments_get_overloads_and_records_get_with_methods() {
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
    fn unexpected_input_is_rejected() {
        assert!(finish(SAMPLE.replace("companion object {", "companion object")).is_err());
    }
}
