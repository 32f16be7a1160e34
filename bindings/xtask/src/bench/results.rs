//! What was measured, kept in `tests/bench/results.json`: one row can be measured again without the others.

use std::collections::BTreeMap;
use std::error::Error;

use serde_json::{Value, json};

use super::stats::Rounds;
use crate::shell::{Done, Shell};

const FILE: &str = "tests/bench/results.json";

/// Every row's last measurement.
#[derive(Debug, Default)]
pub struct Results {
    pub machine: Vec<String>,
    rows: BTreeMap<String, Taken>,
}

/// One row's.
#[derive(Debug)]
pub struct Taken {
    pub when: String,
    pub commit: String,
    /// How many processes wanted to run before it began, as a mean of the last minute.
    pub load: String,
    pub rounds: Rounds,
}

impl Results {
    pub fn load(shell: &Shell) -> Result<Self, Box<dyn Error>> {
        match std::fs::read_to_string(shell.root.join(FILE)) {
            Ok(text) => Self::from_json(&serde_json::from_str(&text)?),
            Err(_) => Ok(Self::default()),
        }
    }

    pub fn save(&self, shell: &Shell) -> Done {
        let text = serde_json::to_string_pretty(&self.to_json())? + "\n";
        Ok(std::fs::write(shell.root.join(FILE), text)?)
    }

    pub fn put(&mut self, row: &str, taken: Taken) {
        self.rows.insert(row.to_owned(), taken);
    }

    pub fn get(&self, row: &str) -> Option<&Taken> {
        self.rows.get(row)
    }

    fn from_json(value: &Value) -> Result<Self, Box<dyn Error>> {
        let mut results =
            Self { machine: serde_json::from_value(value["machine"].clone())?, ..Self::default() };
        for (name, row) in value["rows"].as_object().ok_or("the results have no rows")? {
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            let rounds = Rounds::from_json(&row["rounds"])?;
            results
                .put(name, Taken { when: text("when"), commit: text("commit"), load: text("load"), rounds });
        }
        Ok(results)
    }

    fn to_json(&self) -> Value {
        let row = |taken: &Taken| json!({"when": taken.when, "commit": taken.commit, "load": taken.load, "rounds": taken.rounds.to_json()});
        let rows: BTreeMap<&String, Value> =
            self.rows.iter().map(|(name, taken)| (name, row(taken))).collect();
        json!({"machine": self.machine, "rows": rows})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_read_as_they_were_written() {
        let sample = BTreeMap::from([("cpu".to_owned(), 1.5)]);
        let rounds = Rounds(vec![BTreeMap::from([("ours".to_owned(), sample)])]);
        let mut results = Results { machine: vec!["2 cores".into()], ..Results::default() };
        results.put(
            "python-one",
            Taken { when: "2026-01-02".into(), commit: "abc".into(), load: "0.10".into(), rounds },
        );
        let again = Results::from_json(&results.to_json()).unwrap();
        assert_eq!(again.to_json(), results.to_json());
        assert_eq!(again.get("python-one").unwrap().rounds.of("ours", "cpu"), [1.5]);
        assert!(again.get("python-two").is_none());
    }
}
