//! Edits of the generated Python module.
//!
//! The module has three parts: the runtime, which is the same for every library (`runtime`); the public interface,
//! which is edited block by block (`record`, `open_enum`, `error`, `object`); and the list of public names.

mod bodies;
pub mod documentation;
mod error;
mod lazy;
mod library;
mod object;
mod open_enum;
mod record;
mod responses;
mod runtime;
mod signature;
mod text;
mod union;

use std::collections::{BTreeSet, HashMap};

use documentation::Fields;
use responses::Responses;
use text::Block;

use crate::edit::{Edited, replace};

const PUBLIC: &str = "# Public interface members begin here.\n";
const NAMES: &str = "\n__all__ = [\n";

/// Names in UniFFI's list that are not public: the class for defects in generated code, and the functions that the
/// package itself calls on import, when it decodes a response, and when the interpreter shuts down.
const HIDDEN: [&str; 4] = ["InternalError", "identify_caller", "rows_of", "stop_threads"];

/// Edits the generated module.
pub fn finish(text: &str, fields: &Fields) -> Edited {
    let text = runtime::finish(text.to_owned())?;
    let (head, rest) = text.split_once(PUBLIC).ok_or("no public interface")?;
    let (public, names) = rest.split_once(NAMES).ok_or("no list of names")?;
    let (public, interface) = finish_interface(&text::tidy_documentation(public)?, fields)?;
    let names = public_names(names, &interface)?;
    let public = lazy::converters(&public)?;
    let text = format!("{}{PUBLIC}\n\n{public}\n\n__all__ = [\n{names}]\n", runtime::head(head)?);
    for removed in [signature::OMITTED, "Protocol", "@dataclass", "asyncio.Base", "_uniffi_lowered_args"] {
        replace(text.clone(), 0, removed, "")?;
    }
    for annotation in [": ", "["].map(|before| format!("{before}{}", signature::SECRET_INPUT)) {
        replace(text.clone(), 0, &annotation, "")?;
    }
    Ok(text)
}

/// The classes and functions of the public interface.
#[derive(Default)]
struct Interface {
    /// Records, with their number of fields.
    records: HashMap<String, usize>,
    /// Records that have a required field.
    with_required_fields: BTreeSet<String>,
    open_enums: BTreeSet<String>,
    closed_enums: BTreeSet<String>,
    /// Enumerations whose variants have fields.
    unions: BTreeSet<String>,
    errors: BTreeSet<String>,
    objects: Vec<String>,
    functions: BTreeSet<String>,
}

impl Interface {
    fn read(blocks: &[Block<'_>]) -> Result<Self, Box<dyn std::error::Error>> {
        let mut found = Self::default();
        for block in blocks {
            if let Some(object) = object::name(block) {
                found.objects.push(object.to_owned());
            } else if let Some(function) = block.function() {
                found.functions.insert(function.to_owned());
            } else if let Some(class) = block.class().map(str::to_owned) {
                if record::is_record(block) {
                    if record::has_required_field(block)? {
                        found.with_required_fields.insert(class.clone());
                    }
                    found.records.insert(class, record::field_count(block)?);
                } else if open_enum::is_open_enum(block) {
                    found.open_enums.insert(class);
                } else if open_enum::is_union(block) {
                    found.unions.insert(class);
                } else if error::is_variants(block) {
                    found.errors.insert(class);
                } else if block.head().ends_with("(enum.Enum):") {
                    found.closed_enums.insert(class);
                }
            }
        }
        let clients = found.objects.iter().filter(|name| object::is_client(name)).count();
        // Blocking and async, each with and without a client secret.
        if clients == 4 && found.errors.len() == 1 {
            Ok(found)
        } else {
            Err(format!("expected 4 clients and 1 error class, found {clients} and {:?}", found.errors)
                .into())
        }
    }

    fn contains(&self, name: &str) -> bool {
        self.records.contains_key(name)
            || self.objects.iter().any(|object| object == name)
            || [&self.open_enums, &self.closed_enums, &self.unions, &self.errors, &self.functions]
                .iter()
                .any(|names| names.contains(name))
    }
}

fn finish_interface(text: &str, fields: &Fields) -> Result<(String, Interface), Box<dyn std::error::Error>> {
    let blocks = text::blocks(text)?;
    let interface = Interface::read(&blocks)?;
    let responses = Responses::read(&blocks, &interface)?;
    let mut finished = Vec::with_capacity(blocks.len());
    for block in &blocks {
        if object::is_protocol(block) || error::is_renaming(block) || error::is_placeholder(block) {
            continue;
        }
        finished.push(finish_block(block, &interface, &responses, fields)?);
    }
    let finished = finished.join("\n\n");
    check_defaults(&finished, &interface.with_required_fields)?;
    Ok((finished, interface))
}

/// Rejects a default value that would fail at run time: a record that has a required field, created without arguments.
fn check_defaults(text: &str, with_required_fields: &BTreeSet<String>) -> Result<(), String> {
    let calls = text.lines().filter_map(|line| line.split_once(" = ")?.1.split_once("()"));
    let defaults = calls.filter(|(_, rest)| rest.is_empty() || rest.starts_with(" if "));
    match defaults.map(|(name, _)| name).find(|name| with_required_fields.contains(*name)) {
        Some(name) => Err(format!("a default value is {name}(), which has a required field")),
        None => Ok(()),
    }
}

fn finish_block(block: &Block<'_>, interface: &Interface, responses: &Responses, fields: &Fields) -> Edited {
    if record::is_record(block) {
        return responses.finish_record(block, record::finish(block, fields)?);
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
        return object::finish(block, name, &interface.objects);
    }
    if block.function().is_some() {
        return object::function_heads(&block.text());
    }
    match block.class().and_then(|class| class.strip_prefix("_UniffiFfiConverter")) {
        Some(of) => responses.finish_converter(of, finish_converter(block, of, interface)?),
        None => Ok(block.text()),
    }
}

fn finish_converter(block: &Block<'_>, of: &str, interface: &Interface) -> Edited {
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
    if let Some(count) = interface.records.get(name) {
        record::finish_converter(block, name, *count)
    } else if interface.open_enums.contains(name) {
        Ok(open_enum::converter(name))
    } else if interface.closed_enums.contains(name) {
        let wrong = format!("        raise _wrong_type(value, \"{name}\")\n");
        replace(block.text(), 1, "        raise ValueError(value)\n", &wrong)
    } else if interface.unions.contains(name) {
        union::finish_converter(block, name)
    } else if interface.objects.iter().any(|object| object == name) {
        object::finish_converter(block, name)
    } else {
        Ok(block.text())
    }
}

/// The public names. Each must belong to a class or function of the interface.
fn public_names(list: &str, interface: &Interface) -> Edited {
    let names = list.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","));
    let mut all: BTreeSet<&str> = BTreeSet::from(["Json", "Timestamp"]);
    for name in names.filter(|name| !HIDDEN.contains(name) && !name.ends_with("Protocol")) {
        if !interface.contains(name) {
            return Err(format!("unknown public name: {name}").into());
        }
        all.insert(name);
    }
    Ok(all.into_iter().map(|name| format!("    \"{name}\",\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_with_required_field_is_rejected() {
        let with_required_fields = BTreeSet::from(["Required".to_owned()]);
        for line in ["        p = Required()\n", "        self.p = Required() if p is None else p\n"] {
            assert!(check_defaults(line, &with_required_fields).is_err());
            assert!(check_defaults(&line.replace("Required", "Optional"), &with_required_fields).is_ok());
        }
    }
}
