//! Areas of a client as properties: `client.organizations`, not `client.organizations()`.

use super::objects::CLOSE;
use super::text::{class, objects};
use crate::edit::Edited;

pub fn finish(text: String) -> Edited {
    let objects = objects(&text);
    let clients: Vec<&String> = objects.iter().filter(|name| is_client(&text, name)).collect();
    if clients.is_empty() {
        return Err("no class is a client".into());
    }
    let clients: Vec<String> = clients.into_iter().cloned().collect();
    clients
        .iter()
        .try_fold(text, |text, client| class(text, client, |text| properties(text, client, &objects)))
}

fn is_client(text: &str, name: &str) -> bool {
    let mut found = false;
    let looked = class(text.to_owned(), name, |text| {
        found = text.contains(CLOSE);
        Ok(text)
    });
    looked.is_ok() && found
}

/// Every method without arguments that gives an object and cannot fail. The object is made once, when it is first
/// asked for: it stands for the same connections each time.
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
    if count == 0 { Err("a client without areas".into()) } else { Ok(text) }
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
    fn an_area_is_a_property() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        let property = "*/\n    val `areas`: Areas by lazy(LazyThreadSafetyMode.PUBLICATION) {\n            FfiConverterTypeAreas.lift(";
        assert!(done.contains(property), "{done}");
        assert!(done.contains("fun `copy`(): Client {\n            return "), "{done}");
    }

    #[test]
    fn another_text_is_refused() {
        assert!(finish(SAMPLE.replace("`shutdown`", "`other`")).is_err());
        assert!(finish(SAMPLE.replace("(): Areas", "(): Other")).is_err());
    }
}
