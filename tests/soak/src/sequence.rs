//! Call sequences: a few related calls of one area, from `sequences.json`.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Done;
use crate::calls::Args;
use crate::ledger::Effect;

/// The number of objects of each kind in the seed. Sequences with the same slot use the same objects.
pub const SLOTS: u32 = 40;

/// A sequence of related calls.
#[derive(Debug)]
pub struct Sequence {
    /// The area of the API.
    pub area: String,
    /// The calls, in order.
    pub steps: Vec<Step>,
}

/// One call.
#[derive(Debug)]
pub struct Step {
    /// Such as `organizations.create`.
    pub call: &'static str,
    /// Whether it is a write.
    pub write: bool,
    /// Whether it fetches several pages.
    pub pages: bool,
    /// Whether it fails even without faults.
    pub expects_error: bool,
    with: Value,
    bind: HashMap<String, String>,
    creates: Option<(&'static str, String)>,
    deletes: Option<(&'static str, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sequences: Vec<FileSequence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSequence {
    area: String,
    steps: Vec<FileStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileStep {
    call: String,
    with: Value,
    #[serde(default)]
    bind: HashMap<String, String>,
    #[serde(default)]
    creates: HashMap<String, String>,
    #[serde(default)]
    deletes: HashMap<String, String>,
    #[serde(default)]
    expects_error: bool,
}

/// Reads all sequences.
pub fn all() -> Done<Vec<Sequence>> {
    let file: File = serde_json::from_str(include_str!("../sequences.json"))?;
    let reads: HashMap<String, bool> = scalekit::operations()
        .into_iter()
        .map(|operation| (operation.id, operation.method == "GET"))
        .collect();
    let step = |step: FileStep| Step {
        write: match reads.get(&step.call) {
            Some(read) => !read,
            None => step.call == "client.request" && step.with["method"] != "GET",
        },
        pages: step.call.contains("_all"),
        call: Box::leak(step.call.into_boxed_str()),
        expects_error: step.expects_error,
        with: step.with,
        bind: step.bind,
        creates: effect(step.creates),
        deletes: effect(step.deletes),
    };
    let sequence = |sequence: FileSequence| Sequence {
        area: sequence.area,
        steps: sequence.steps.into_iter().map(step).collect(),
    };
    Ok(file.sequences.into_iter().map(sequence).collect())
}

fn effect(written: HashMap<String, String>) -> Option<(&'static str, String)> {
    let (kind, name) = written.into_iter().next()?;
    Some((Box::leak(kind.into_boxed_str()), name))
}

/// The values of the variables `${name}`.
#[derive(Debug, Clone)]
pub struct Variables(HashMap<String, String>);

impl Variables {
    /// The variables of a new sequence.
    #[must_use]
    pub fn new(key: String, slot: u32, common: &[(&str, String)]) -> Self {
        let mut variables: HashMap<String, String> =
            common.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        variables.insert("key".into(), key);
        variables.insert("slot".into(), (slot % SLOTS).to_string());
        variables.insert("next".into(), ((slot + 1) % SLOTS).to_string());
        Self(variables)
    }

    /// Replaces the variables. Returns `None` if one is unbound, because the call that would bind it failed.
    fn fill_text(&self, text: &str) -> Option<String> {
        let (mut filled, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}')?;
            filled.push_str(before);
            filled.push_str(self.0.get(name)?);
            rest = after;
        }
        filled.push_str(rest);
        Some(filled)
    }

    fn fill(&self, value: &Value) -> Option<Value> {
        Some(match value {
            Value::String(text) => self.fill_text(text)?.into(),
            Value::Array(items) => {
                items.iter().map(|item| self.fill(item)).collect::<Option<Vec<_>>>()?.into()
            }
            Value::Object(fields) => {
                let filled = fields.iter().map(|(name, value)| Some((name.clone(), self.fill(value)?)));
                Value::Object(filled.collect::<Option<Map<_, _>>>()?)
            }
            other => other.clone(),
        })
    }
}

impl Step {
    /// The arguments, or `None` if a variable is unbound.
    #[must_use]
    pub fn arguments(&self, variables: &Variables) -> Option<Args> {
        let Value::Object(fields) = variables.fill(&self.with)? else { return None };
        Some(Args(fields))
    }

    /// The object that it creates or deletes.
    #[must_use]
    pub fn effect(&self, variables: &Variables) -> Option<Effect> {
        let creates =
            self.creates.as_ref().map(|(kind, name)| (Effect::Creates as fn(_, _) -> _, *kind, name));
        let deletes =
            self.deletes.as_ref().map(|(kind, name)| (Effect::Deletes as fn(_, _) -> _, *kind, name));
        let (effect, kind, name) = creates.or(deletes)?;
        Some(effect(kind, variables.fill_text(name)?))
    }

    /// Binds variables to values of the result.
    pub fn bind(&self, result: &Value, variables: &mut Variables) {
        for (name, pointer) in &self.bind {
            if let Some(text) = result.pointer(pointer).and_then(Value::as_str) {
                variables.0.insert(name.clone(), text.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_is_part_of_a_sequence() {
        let sequences = all().unwrap();
        let called: BTreeSet<&str> =
            sequences.iter().flat_map(|sequence| &sequence.steps).map(|step| step.call).collect();
        let missing: Vec<_> =
            scalekit::operations().into_iter().filter(|own| !called.contains(own.id.as_str())).collect();
        assert!(missing.is_empty(), "{missing:?}");
        let write =
            |call: &str| sequences.iter().flat_map(|e| &e.steps).any(|step| step.call == call && step.write);
        assert!(
            write("users.update")
                && write("client.request")
                && !write("users.get")
                && !write("users.list_all")
        );
    }

    #[test]
    fn variables_are_replaced_or_the_call_is_skipped() {
        let mut variables = Variables::new("k1".into(), 39, &[]);
        let with = serde_json::json!({"id": "${org}", "list": ["${key}/${slot}/${next}"], "n": 1});
        assert_eq!(variables.fill(&with), None);
        variables.0.insert("org".into(), "org_1".into());
        let filled = variables.fill(&with).unwrap();
        assert_eq!(filled, serde_json::json!({"id": "org_1", "list": ["k1/39/0"], "n": 1}));
    }
}
