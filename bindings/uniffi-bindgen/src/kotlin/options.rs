//! `toString` of options prints header names but not values, which may be credentials, such as the key of a gateway.

use super::records::{Field, all};
use super::text::class;
use crate::edit::{Edited, replace};

pub fn finish(text: String) -> Edited {
    let records = all(&text)?.into_iter();
    let with_headers: Vec<_> = records
        .filter(|(name, fields)| name.ends_with("Options") && fields.iter().any(|f| f.name == "headers"))
        .collect();
    if with_headers.is_empty() {
        return Err("no options with headers found".into());
    }
    with_headers.into_iter().try_fold(text, |text, (name, fields)| {
        class(text, &name, |text| replace(text, 1, "\n){", &format!("\n){{\n{}", to_string(&name, &fields))))
    })
}

fn to_string(name: &str, fields: &[Field]) -> String {
    let shown = fields.iter().map(|field| match field.name.as_str() {
        "headers" => "headers=${`headers`.keys}".to_owned(),
        name => format!("{name}=${{`{name}`}}"),
    });
    let shown: Vec<String> = shown.collect();
    format!("    override fun toString(): kotlin.String =\n        \"{name}({})\"\n", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "\ndata class CallOptions (\n    val `retry`: Retry? = null \n    , \n    val `headers`: \
                          Map<kotlin.String, kotlin.String> = mapOf() \n    \n){\n    companion object\n}\n";

    #[test]
    fn header_values_are_not_printed() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        assert!(done.contains("\"CallOptions(retry=${`retry`}, headers=${`headers`.keys})\""), "{done}");
        assert!(finish(SAMPLE.replace("CallOptions", "Call")).is_err());
    }
}
