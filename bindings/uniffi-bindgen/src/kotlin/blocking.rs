//! Blocking calls: on a virtual thread they are made by the asynchronous twin of the object, and on others they can be
//! interrupted.

use super::text::{class, enclosed, objects, parameters_len, signatures};
use crate::edit::{Edited, replace};

pub fn finish(text: String) -> Edited {
    let objects = objects(&text);
    let is_pair = |name: &&String| objects.contains(&format!("Async{name}"));
    let pairs: Vec<&String> = objects.iter().filter(is_pair).collect();
    if pairs.is_empty() {
        return Err("no twins found".into());
    }
    pairs.into_iter().try_fold(text, |text, name| {
        let twin = format!("Async{name}");
        let waiting = suspending(&text, &twin)?;
        class(text, name, |text| {
            let text = with_twin(text, &twin)?;
            waiting.iter().try_fold(text, |text, method| blocking(text, method))
        })
    })
}

/// Returns the names of the methods that suspend.
fn suspending(text: &str, name: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut names = Vec::new();
    class(text.to_owned(), name, |text| {
        let found = text.match_indices("suspend ").map(|(at, keyword)| &text[at + keyword.len()..]);
        for rest in found.filter(|rest| rest.starts_with("fun `")) {
            names.push(rest["fun `".len()..].split('`').next().unwrap_or_default().to_owned());
        }
        Ok(text)
    })?;
    Ok(names)
}

/// Turns the method that returns the twin into a property.
fn with_twin(text: String, twin: &str) -> Edited {
    let method = format!("    fun `asAsync`(): {twin} {{\n            return ");
    let property =
        format!("    private val twin: {twin} by lazy(LazyThreadSafetyMode.PUBLICATION) {{\n            ");
    replace(text, 1, &method, &property)
}

fn blocking(text: String, name: &str) -> Edited {
    let start = text.find(&format!("    fun `{name}`(")).ok_or_else(|| format!("no method {name}"))?;
    let (_, parameters) = signatures(&text[start..])?.swap_remove(0);
    let open = start + text[start..].find('(').ok_or("no (")?;
    let end = open + parameters_len(&text[open..])?;
    let names = parameters.split('`').skip(1).step_by(2).map(|name| format!("`{name}`"));
    let call = format!("blockingCall({{ twin.`{name}`({}) }})", names.collect::<Vec<_>>().join(", "));
    let (head, body) = text.split_at(end);
    if let Some(rest) = body.strip_prefix("\n        = ") {
        let length = enclosed(rest, '{', '}')?;
        let (value, rest) = rest.split_at(length);
        return Ok(format!("{head} = {call} {{{value}\n    }}{rest}"));
    }
    let block = body.find(" {\n            return ").ok_or_else(|| format!("{name} returns nothing"))?;
    let length = enclosed(&body[block..], '{', '}')?;
    let value = body[block..block + length].replacen(" {\n            return ", "", 1);
    let value = value.strip_suffix('}').ok_or("a block without an end")?;
    let kind = &body[..block];
    Ok(format!("{head}{kind} =\n        {call} {{\n            {value}}}{}", &body[block + length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "
class Things
{
    fun `asAsync`(): AsyncThings {
            return FfiConverterTypeAsyncThings.lift(
    callWithHandle { x }
    )
    }
    fun `get`(`id`: String, `params`: P = P()): Thing {
            return FfiConverterTypeThing.lift(
    callWithHandle { x }
    )
    }
    fun `delete`(`id`: String)
        = 
    callWithHandle {
    x { }
    }
    
    fun `forget`()
}

class AsyncThings
{
    suspend fun `get`(`id`: String) : Thing {
    }
    suspend fun `delete`(`id`: String) {
    }
    fun `forget`()
}

public object FfiConverterTypeThings: FfiConverter<Things, Long> {
}
public object FfiConverterTypeAsyncThings: FfiConverter<AsyncThings, Long> {
}
";

    #[test]
    fn blocking_calls_can_be_made_by_the_twin() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        let get = "fun `get`(`id`: String, `params`: P = P()): Thing =\n        blockingCall({ twin.`get`(`id`, `params`) }) \
                   {\n            FfiConverterTypeThing.lift(\n    callWithHandle { x }\n    )\n    }\n";
        assert!(done.contains(get), "{done}");
        let delete = "fun `delete`(`id`: String) = blockingCall({ twin.`delete`(`id`) }) {\n    callWithHandle {\n    x { }\n    }\n    }";
        assert!(done.contains(delete), "{done}");
        assert!(done.contains("private val twin: AsyncThings by lazy("), "{done}");
        assert!(done.contains("    fun `forget`()\n}"), "{done}");
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(SAMPLE.replace("`asAsync`", "`other`")).is_err());
        assert!(finish(SAMPLE.replace("    fun `get`", "    fun `got`")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
