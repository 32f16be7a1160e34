//! What workers do: a few calls of one area that belong together, from `errands.json`.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Done;
use crate::calls::Args;
use crate::ledger::Claim;

/// How many of each thing the seed makes: errands with the same slot meet at them.
pub const SLOTS: u32 = 40;

/// A few calls that belong together.
#[derive(Debug)]
pub struct Errand {
    /// What they are about.
    pub area: String,
    /// The calls, in order.
    pub steps: Vec<Step>,
}

/// One call.
#[derive(Debug)]
pub struct Step {
    /// Such as `organizations.create`.
    pub call: &'static str,
    /// Whether it changes anything.
    pub write: bool,
    /// Whether it fetches page after page.
    pub pages: bool,
    /// Whether it fails even in fair weather.
    pub fails: bool,
    with: Value,
    keep: HashMap<String, String>,
    makes: Option<(&'static str, String)>,
    deletes: Option<(&'static str, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    errands: Vec<WrittenErrand>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenErrand {
    area: String,
    steps: Vec<WrittenStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStep {
    call: String,
    with: Value,
    #[serde(default)]
    keep: HashMap<String, String>,
    #[serde(default)]
    makes: HashMap<String, String>,
    #[serde(default)]
    deletes: HashMap<String, String>,
    #[serde(default)]
    fails: bool,
}

/// All errands.
pub fn all() -> Done<Vec<Errand>> {
    let file: File = serde_json::from_str(include_str!("../errands.json"))?;
    let reads: HashMap<String, bool> = scalekit::operations()
        .into_iter()
        .map(|operation| (operation.id, operation.method == "GET"))
        .collect();
    let step = |step: WrittenStep| Step {
        write: match reads.get(&step.call) {
            Some(read) => !read,
            None => step.call == "client.request" && step.with["method"] != "GET",
        },
        pages: step.call.contains("_all"),
        call: Box::leak(step.call.into_boxed_str()),
        fails: step.fails,
        with: step.with,
        keep: step.keep,
        makes: claim(step.makes),
        deletes: claim(step.deletes),
    };
    let errand = |errand: WrittenErrand| Errand {
        area: errand.area,
        steps: errand.steps.into_iter().map(step).collect(),
    };
    Ok(file.errands.into_iter().map(errand).collect())
}

fn claim(written: HashMap<String, String>) -> Option<(&'static str, String)> {
    let (kind, name) = written.into_iter().next()?;
    Some((Box::leak(kind.into_boxed_str()), name))
}

/// What the words in braces stand for.
#[derive(Debug, Clone)]
pub struct Words(HashMap<String, String>);

impl Words {
    /// Those of a new errand.
    #[must_use]
    pub fn new(key: String, slot: u32, common: &[(&str, String)]) -> Self {
        let mut words: HashMap<String, String> =
            common.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        words.insert("key".into(), key);
        words.insert("slot".into(), (slot % SLOTS).to_string());
        words.insert("next".into(), ((slot + 1) % SLOTS).to_string());
        Self(words)
    }

    /// Fills the words in; nothing where one is missing, because the call failed that should have brought it.
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
    /// The arguments; nothing where one of them is not known.
    #[must_use]
    pub fn arguments(&self, words: &Words) -> Option<Args> {
        let Value::Object(fields) = words.fill(&self.with)? else { return None };
        Some(Args(fields))
    }

    /// What it makes or deletes.
    #[must_use]
    pub fn claim(&self, words: &Words) -> Option<Claim> {
        let makes = self.makes.as_ref().map(|(kind, name)| (Claim::Makes as fn(_, _) -> _, *kind, name));
        let deletes =
            self.deletes.as_ref().map(|(kind, name)| (Claim::Deletes as fn(_, _) -> _, *kind, name));
        let (claim, kind, name) = makes.or(deletes)?;
        Some(claim(kind, words.fill_text(name)?))
    }

    /// Keeps what later calls need.
    pub fn keep(&self, result: &Value, words: &mut Words) {
        for (name, place) in &self.keep {
            if let Some(text) = result.pointer(place).and_then(Value::as_str) {
                words.0.insert(name.clone(), text.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_is_part_of_an_errand() {
        let errands = all().unwrap();
        let called: BTreeSet<&str> =
            errands.iter().flat_map(|errand| &errand.steps).map(|step| step.call).collect();
        let missing: Vec<_> =
            scalekit::operations().into_iter().filter(|own| !called.contains(own.id.as_str())).collect();
        assert!(missing.is_empty(), "{missing:?}");
        let write =
            |call: &str| errands.iter().flat_map(|e| &e.steps).any(|step| step.call == call && step.write);
        assert!(
            write("users.update")
                && write("client.request")
                && !write("users.get")
                && !write("users.list_all")
        );
    }

    #[test]
    fn words_are_filled_in_or_the_call_is_left_out() {
        let mut words = Words::new("k1".into(), 39, &[]);
        let with = serde_json::json!({"id": "${org}", "list": ["${key}/${slot}/${next}"], "n": 1});
        assert_eq!(words.fill(&with), None);
        words.0.insert("org".into(), "org_1".into());
        let filled = words.fill(&with).unwrap();
        assert_eq!(filled, serde_json::json!({"id": "org_1", "list": ["k1/39/0"], "n": 1}));
    }
}
