//! What the generator cannot know about Python.
//!
//! The generated module has three parts: what is the same for every library (`runtime`), the public interface, which
//! is read block by block (`record`, `open_enum`, `error`, `object`), and the list of public names.

mod answers;
mod bodies;
pub mod documentation;
mod error;
mod late;
mod library;
mod object;
mod open_enum;
mod record;
mod runtime;
mod signature;
mod text;
mod union;

use std::collections::{BTreeSet, HashMap};

use answers::Answers;
use documentation::Fields;
use text::Block;

use crate::edit::{Edited, replace};

const PUBLIC: &str = "# Public interface members begin here.\n";
const NAMES: &str = "\n__all__ = [\n";

/// What is in the list of names but not for users: a class for defects of the generated code, and what the package
/// calls by itself when it is imported, when it reads an answer, and when the interpreter ends.
const HIDDEN: [&str; 4] = ["InternalError", "identify_caller", "rows_of", "stop_threads"];

/// Finishes the generated module.
pub fn finish(text: &str, fields: &Fields) -> Edited {
    let text = runtime::finish(text.to_owned())?;
    let (head, rest) = text.split_once(PUBLIC).ok_or("no public interface")?;
    let (public, names) = rest.split_once(NAMES).ok_or("no list of names")?;
    let (public, seen) = interface(&text::tidy_documentation(public)?, fields)?;
    let names = names_of(names, &seen)?;
    let public = late::converters(&public)?;
    let text = format!("{}{PUBLIC}\n\n{public}\n\n__all__ = [\n{names}]\n", runtime::head(head)?);
    for gone in [signature::LEFT_OUT, "Protocol", "@dataclass", "asyncio.Base", "_uniffi_lowered_args"] {
        replace(text.clone(), 0, gone, "")?;
    }
    Ok(text)
}

/// What stands in the public interface.
#[derive(Default)]
struct Seen {
    /// Records, with the number of their fields.
    records: HashMap<String, usize>,
    /// Records with a field that must be given.
    demanding: BTreeSet<String>,
    open_enums: BTreeSet<String>,
    closed_enums: BTreeSet<String>,
    /// Enumerations whose values hold data of their own.
    unions: BTreeSet<String>,
    errors: BTreeSet<String>,
    objects: Vec<String>,
    functions: BTreeSet<String>,
}

impl Seen {
    fn read(blocks: &[Block<'_>]) -> Result<Self, Box<dyn std::error::Error>> {
        let mut seen = Self::default();
        for block in blocks {
            if let Some(object) = object::name(block) {
                seen.objects.push(object.to_owned());
            } else if let Some(function) = block.function() {
                seen.functions.insert(function.to_owned());
            } else if let Some(class) = block.class().map(str::to_owned) {
                if record::is_record(block) {
                    if record::is_demanding(block)? {
                        seen.demanding.insert(class.clone());
                    }
                    seen.records.insert(class, record::count(block)?);
                } else if open_enum::is_open_enum(block) {
                    seen.open_enums.insert(class);
                } else if open_enum::is_union(block) {
                    seen.unions.insert(class);
                } else if error::is_variants(block) {
                    seen.errors.insert(class);
                } else if block.head().ends_with("(enum.Enum):") {
                    seen.closed_enums.insert(class);
                }
            }
        }
        let clients = seen.objects.iter().filter(|name| object::is_client(name)).count();
        // Two styles, with a secret and without.
        if clients == 4 && seen.errors.len() == 1 {
            Ok(seen)
        } else {
            Err(format!("{clients} clients, and the errors {:?}", seen.errors).into())
        }
    }

    fn knows(&self, name: &str) -> bool {
        self.records.contains_key(name)
            || self.objects.iter().any(|object| object == name)
            || [&self.open_enums, &self.closed_enums, &self.unions, &self.errors, &self.functions]
                .iter()
                .any(|names| names.contains(name))
    }
}

fn interface(text: &str, fields: &Fields) -> Result<(String, Seen), Box<dyn std::error::Error>> {
    let blocks = text::blocks(text)?;
    let seen = Seen::read(&blocks)?;
    let answers = Answers::read(&blocks, &seen)?;
    let mut finished = Vec::with_capacity(blocks.len());
    for block in &blocks {
        if object::is_protocol(block) || error::is_shuffle(block) || error::is_first(block) {
            continue;
        }
        finished.push(finish_block(block, &seen, &answers, fields)?);
    }
    let finished = finished.join("\n\n");
    can_be_made(&finished, &seen.demanding)?;
    Ok((finished, seen))
}

/// Refuses a default that fails when it is made: a record with a field that must be given.
fn can_be_made(text: &str, demanding: &BTreeSet<String>) -> Result<(), String> {
    let made = text.lines().filter_map(|line| line.split_once(" = ")?.1.split_once("()"));
    let whole = made.filter(|(_, rest)| rest.is_empty() || rest.starts_with(" if "));
    match whole.map(|(name, _)| name).find(|name| demanding.contains(*name)) {
        Some(name) => Err(format!("a default is {name}, which must be told something")),
        None => Ok(()),
    }
}

fn finish_block(block: &Block<'_>, seen: &Seen, answers: &Answers, fields: &Fields) -> Edited {
    if record::is_record(block) {
        return answers.finish_record(block, record::finish(block, fields)?);
    }
    if open_enum::is_open_enum(block) {
        return open_enum::finish(block);
    }
    if open_enum::is_union(block) {
        return union::finish(block);
    }
    if error::is_variants(block) {
        return error::finish(block);
    }
    if let Some(name) = object::name(block) {
        return object::finish(block, name, &seen.objects);
    }
    if block.function().is_some() {
        return object::function_heads(&block.text());
    }
    match block.class().and_then(|class| class.strip_prefix("_UniffiFfiConverter")) {
        Some(of) => answers.finish_converter(of, finish_converter(block, of, seen)?),
        None => Ok(block.text()),
    }
}

fn finish_converter(block: &Block<'_>, of: &str, seen: &Seen) -> Edited {
    const LIST: &str = "    def check_lower(cls, value):\n        for item in value:\n";
    const DICT: &str = "    def check_lower(cls, items):\n        for (key, value) in items.items():\n";
    if of.starts_with("Sequence") {
        let checked =
            "    def check_lower(cls, value):\n        _check_list(value)\n        for item in value:\n";
        return replace(block.text(), 1, LIST, checked);
    }
    if of.starts_with("Map") {
        let checked = "    def check_lower(cls, items):\n        _check_dict(items)\n        for (key, value) in items.items():\n";
        return replace(block.text(), 1, DICT, checked);
    }
    let Some(name) = of.strip_prefix("Type") else { return Ok(block.text()) };
    if let Some(count) = seen.records.get(name) {
        record::finish_converter(block, name, *count)
    } else if seen.open_enums.contains(name) {
        Ok(open_enum::converter(name))
    } else if seen.closed_enums.contains(name) {
        let wrong = format!("        raise _wrong_type(value, \"{name}\")\n");
        replace(block.text(), 1, "        raise ValueError(value)\n", &wrong)
    } else if seen.unions.contains(name) {
        union::finish_converter(block, name)
    } else if seen.objects.iter().any(|object| object == name) {
        object::finish_converter(block, name)
    } else {
        Ok(block.text())
    }
}

/// The public names, each of which must be something that was read above.
fn names_of(list: &str, seen: &Seen) -> Edited {
    let names = list.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","));
    let mut all: BTreeSet<&str> = BTreeSet::from(["Json", "Timestamp"]);
    for name in names.filter(|name| !HIDDEN.contains(name) && !name.ends_with("Protocol")) {
        if !seen.knows(name) {
            return Err(format!("a public name that no edit knows: {name}").into());
        }
        all.insert(name);
    }
    Ok(all.into_iter().map(|name| format!("    \"{name}\",\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_that_cannot_be_made_is_refused() {
        let demanding = BTreeSet::from(["Ask".to_owned()]);
        for made in ["        p = Ask()\n", "        self.p = Ask() if p is None else p\n"] {
            assert!(can_be_made(made, &demanding).is_err());
            assert!(can_be_made(&made.replace("Ask", "Free"), &demanding).is_ok());
        }
    }
}
