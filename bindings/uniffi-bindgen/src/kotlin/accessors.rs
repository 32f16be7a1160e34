//! Turns the resource accessors of a client into properties: `client.organizations` instead of
//! `client.organizations()`.

use super::objects::CLOSE;
use super::text::{class, objects};
use crate::edit::Edited;

pub fn finish(text: String) -> Edited {
    let objects = objects(&text);
    let clients: Vec<&String> = objects.iter().filter(|name| is_client(&text, name)).collect();
    if clients.is_empty() {
        return Err("no client class found".into());
    }
    let clients: Vec<String> = clients.into_iter().cloned().collect();
    clients
        .iter()
        .try_fold(text, |text, client| class(text, client, |text| properties(text, client, &objects)))
}

fn is_client(text: &str, name: &str) -> bool {
    let mut found = false;
    let searched = class(text.to_owned(), name, |text| {
        found = text.contains(CLOSE);
        Ok(text)
    });
    searched.is_ok() && found
}

/// Converts every infallible method without arguments that returns an object. The property is lazy and creates the
/// object once: every object that the method returns uses the same connections.
fn properties(mut text: String, client: &str, objects: &[String]) -> Edited {
    let mut count = 0;
    for object in objects.iter().filter(|object| *object != client) {
        let tail = format!("`(): {object} {{\n            return FfiConverterType{object}.lift(");
        while let Some(end) = text.find(&tail) {
            let start = text[..end].rfind("    fun `").ok_or("a method without a name")?;
            let name = text[start + 9..end].to_owned();
            let new = format!(
                "    val `{name}`: {object} by lazy(LazyThreadSafetyMode.PUBLICATION) {{\n            \
                 FfiConverterType{object}.lift("
            );
            text.replace_range(start..end + tail.len(), &new);
            count += 1;
        }
    }
    if count == 0 { Err("a client without resource accessors".into()) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "
class Areas
{
}

public object FfiConverterTypeAreas: FfiConverter<Areas, Long> {
}

class Client: AutoCloseable
{
    private fun `shutdown`()
     */
    fun `areas`(): Areas {
            return FfiConverterTypeAreas.lift(
    )
    }
    fun `copy`(): Client {
            return FfiConverterTypeClient.lift(
    )
    }
}

public object FfiConverterTypeClient: FfiConverter<Client, Long> {
}
";

    #[test]
    fn resource_accessors_become_properties() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        let property = "*/\n    val `areas`: Areas by lazy(LazyThreadSafetyMode.PUBLICATION) {\n            FfiConverterTypeAreas.lift(";
        assert!(done.contains(property), "{done}");
        assert!(done.contains("fun `copy`(): Client {\n            return "), "{done}");
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(SAMPLE.replace("`shutdown`", "`other`")).is_err());
        assert!(finish(SAMPLE.replace("(): Areas", "(): Other")).is_err());
    }
}
