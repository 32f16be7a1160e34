//! Futures for Java: each function that suspends has a variant that returns a `CompletableFuture`, and is itself hidden
//! from Java, which cannot call it.

use super::text::{class, objects, parameters_len};
use crate::edit::Edited;

/// The generator writes it on each function that suspends.
const SUPPRESS: &str = "    @Suppress(\"ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE\")\n    suspend fun `";

const SUSPEND: &str = "    @JvmSynthetic\n    suspend fun `";

pub fn finish(text: String) -> Edited {
    let total = text.matches("suspend fun `").count();
    let mut count = 0;
    let text = objects(&text).into_iter().filter(|name| name.starts_with("Async")).try_fold(
        text,
        |text, name| {
            class(text, &name, |text| {
                let (text, added) = with_futures(text)?;
                count += added;
                Ok(text)
            })
        },
    )?;
    if count == total && count > 0 {
        Ok(text)
    } else {
        Err(format!("{total} functions suspend, {count} of them in classes").into())
    }
}

fn with_futures(text: String) -> Result<(String, usize), Box<dyn std::error::Error>> {
    let mut count = 0;
    let mut text = text;
    while let Some(start) = text.find(SUPPRESS) {
        let name_at = start + SUPPRESS.len();
        let (name, _) = text[name_at..].split_once('`').ok_or("a name without an end")?;
        let name = name.to_owned();
        let open = name_at + name.len() + 1;
        let end = open + parameters_len(&text[open..])?;
        let block = end + text[end..].find(" {\n").ok_or_else(|| format!("{name} has no body"))?;
        let kind = text[end..block].trim_start_matches([' ', ':']).trim().to_owned();
        let close = block + super::text::enclosed(&text[block..], '{', '}')?;
        let future = future(&name, &text[open..end], &kind);
        text.insert_str(close, &future);
        text.replace_range(start..name_at, SUSPEND);
        count += 1;
    }
    Ok((text, count))
}

fn future(name: &str, parameters: &str, kind: &str) -> String {
    let names = parameters.split('`').skip(1).step_by(2).map(|name| format!("`{name}`"));
    let call = format!("`{name}`({})", names.collect::<Vec<_>>().join(", "));
    let (kind, call) = if kind.is_empty() { ("Void?", format!("{call}; null")) } else { (kind, call) };
    format!(
        "\n\n    /**\n     * Like `{name}`, for Java. Cancelling the future closes the request.\n     */\n    \
         fun `{name}Async`{parameters}: java.util.concurrent.CompletableFuture<{kind}> = futureOf {{ {call} }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "
class AsyncThings
{
    @Throws(ScalekitException::class)
    @Suppress(\"ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE\")
    suspend fun `get`(`id`: String, `params`: P = P()) : Thing {
        return x { }
    }
    @Suppress(\"ASSIGNED_BUT_NEVER_ACCESSED_VARIABLE\")
    suspend fun `delete`(`id`: String) {
        return x
    }
}

public object FfiConverterTypeAsyncThings: FfiConverter<AsyncThings, Long> {
}
";

    #[test]
    fn suspending_functions_have_a_future() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        let future = "java.util.concurrent.CompletableFuture";
        for expected in [
            format!(
                "fun `getAsync`(`id`: String, `params`: P = P()): {future}<Thing> = futureOf {{ `get`(`id`, `params`) }}"
            ),
            format!("fun `deleteAsync`(`id`: String): {future}<Void?> = futureOf {{ `delete`(`id`); null }}"),
            "    @JvmSynthetic\n    suspend fun `get`(".to_owned(),
        ] {
            assert!(done.contains(&expected), "{done}");
        }
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(SAMPLE.replace("@Suppress", "@Other")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
