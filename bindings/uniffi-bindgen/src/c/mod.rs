//! The listing of the calls of the C library, with the JSON of their arguments and results, for readers.
//!
//! C has no types for them, so that this is where a C program finds their names. The core checks the listing against the
//! tables by which calls are made (`core/src/dispatch/tests/listing`).

mod calls;
mod fields;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use uniffi_bindgen::ComponentInterface;

use crate::areas::Areas;
use crate::interface::{Result, is_for_runtimes};
use calls::Call;
use fields::{Definition, Field};

/// What precedes the areas.
const HEAD: &str = r#"# Calls of the C library

Written by `cargo xtask api`. All calls of `scalekit_call`, `scalekit_call_async` and, if they return pages,
`scalekit_pager_new`, with the names and types of their JSON.

A call is listed as `area.call(argument: type, …) -> result`. Its arguments are the members of one JSON object:

```c
scalekit_call(client, "organizations.get", "{\"id\": \"org_1\"}");
```

A `?` marks an argument that can be omitted, and a member of an object that can be missing.

| type | JSON |
|---|---|
| `string`, `boolean`, `number`, `null` | as in JSON |
| `integer` | A number. In arguments, a 64-bit integer can also be a string of digits. |
| `timestamp` | A string in the format of RFC 3339, such as `"2026-01-31T12:00:00Z"`. |
| `JSON` | Any value. |
| `T[]` | A list. |
| `{string: T}` | An object whose names are data. |
| others | Listed by name, here or in another area: an object, or the values of a string. The service can add values. |
"#;

/// Names in documentation, and those of C.
const WORDS: [(&str, &str); 3] = [
    ("`TrustedRoots::Bundled`", "`bundled`"),
    ("`session.id_token()`", "its `id_token`"),
    ("`client.jwks()`", "`client.jwks`"),
];

/// The types that a C program needs for other functions than those that make calls.
const ROOTS: [&str; 3] = ["ClientOptions", "CallOptions", "Failure"];

/// Writes the listing.
pub fn listing(interface: &ComponentInterface) -> Result<String> {
    let areas = Areas::find(interface, is_for_runtimes)?;
    let types = types::Types::new(interface);
    let calls = calls::all(interface, &types)?;
    let definitions = definitions(&types, &calls)?;
    let mut text = HEAD.to_owned();
    for area in areas.names() {
        let calls: Vec<_> = calls.iter().filter(|call| call.area() == area).collect();
        let definitions: Vec<_> =
            definitions.iter().filter(|(name, _)| areas.of(name) == Some(area)).map(|(_, it)| it).collect();
        text += &section(area, &calls, &definitions);
    }
    Ok(text)
}

/// The types that calls mention, and those that these mention, by their names.
fn definitions(types: &types::Types<'_>, calls: &[Call]) -> Result<BTreeMap<String, Definition>> {
    let mut found = BTreeMap::new();
    let mut pending: BTreeSet<String> = ROOTS.map(str::to_owned).into();
    pending.extend(calls.iter().flat_map(Call::mentioned));
    while let Some(name) = pending.pop_first() {
        let definition = fields::definition(types, &name)?;
        pending.extend(definition.mentioned().filter(|mentioned| !found.contains_key(mentioned)));
        found.insert(name, definition);
    }
    Ok(found)
}

fn section(area: &str, calls: &[&Call], definitions: &[&Definition]) -> String {
    if calls.is_empty() && definitions.is_empty() {
        return String::new();
    }
    let block = |items: Vec<String>| match items.is_empty() {
        true => String::new(),
        false => format!("\n```\n{}```\n", items.join("\n")),
    };
    let calls = block(calls.iter().map(|call| call.text()).collect());
    let definitions = block(definitions.iter().map(|definition| definition.text()).collect());
    format!("\n## {area}\n{calls}{definitions}")
}

/// The arguments or members, separated by commas.
fn joined(fields: &[Field]) -> String {
    fields.iter().map(Field::signature).collect::<Vec<_>>().join(", ")
}

/// The names of objects and enumerations in a type.
fn mentioned(of: &str) -> impl Iterator<Item = String> + '_ {
    let words = of.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| *word != "JSON" && word.starts_with(|c: char| c.is_ascii_uppercase())).map(Into::into)
}

/// Documentation for a C program. The core's names things as in the other languages.
fn docs(markdown: Option<&str>) -> String {
    let text = markdown.unwrap_or_default();
    WORDS.iter().fold(text.to_owned(), |text, (theirs, ours)| text.replace(theirs, ours))
}

/// The first paragraph of documentation.
fn summary(markdown: Option<&str>) -> String {
    docs(markdown).split("\n\n").next().unwrap_or_default().to_owned()
}

/// Documentation as comments, indented, in lines of at most 120 columns.
fn comment(docs: &str, indent: usize) -> String {
    let start = format!("{}//", " ".repeat(indent));
    let (mut text, mut line) = (String::new(), start.clone());
    for word in docs.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > 120 {
            text += &line;
            text.push('\n');
            line.clone_from(&start);
        }
        line.push(' ');
        line += word;
    }
    if line == start { text } else { text + &line + "\n" }
}
