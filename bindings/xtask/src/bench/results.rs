//! The measurements in `tests/bench/results.json`, of which each row can be updated separately.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::stats::Rounds;
use crate::shell::{Result, Shell};

const FILE: &str = "tests/bench/results.json";

/// The latest measurement of each row.
#[derive(Debug, Default)]
pub struct Results {
    pub machine: Vec<String>,
    rows: BTreeMap<String, Measurement>,
}

/// The measurement of a row.
#[derive(Debug)]
pub struct Measurement {
    pub date: String,
    pub commit: String,
    /// The load average of the minute before.
    pub load: String,
    pub rounds: Rounds,
}

impl Results {
    pub fn load(shell: &Shell) -> Result<Self> {
        match std::fs::read_to_string(shell.root.join(FILE)) {
            Ok(text) => Self::from_json(&serde_json::from_str(&text)?),
            Err(_) => Ok(Self::default()),
        }
    }

    pub fn save(&self, shell: &Shell) -> Result {
        let text = serde_json::to_string_pretty(&self.to_json())? + "\n";
        Ok(std::fs::write(shell.root.join(FILE), text)?)
    }

    pub fn put(&mut self, row: &str, measurement: Measurement) {
        self.rows.insert(row.to_owned(), measurement);
    }

    pub fn get(&self, row: &str) -> Option<&Measurement> {
        self.rows.get(row)
    }

    fn from_json(value: &Value) -> Result<Self> {
        let mut results =
            Self { machine: serde_json::from_value(value["machine"].clone())?, ..Self::default() };
        for (name, row) in value["rows"].as_object().ok_or("the results have no rows")? {
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            let rounds = Rounds::from_json(&row["rounds"])?;
            results.put(
                name,
                Measurement { date: text("when"), commit: text("commit"), load: text("load"), rounds },
            );
        }
        Ok(results)
    }

    fn to_json(&self) -> Value {
        let row = |measurement: &Measurement| json!({"when": measurement.date, "commit": measurement.commit, "load": measurement.load, "rounds": measurement.rounds.to_json()});
        let rows: BTreeMap<&String, Value> =
            self.rows.iter().map(|(name, measurement)| (name, row(measurement))).collect();
        json!({"machine": self.machine, "rows": rows})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_survive_a_round_trip_through_json() {
        let sample = BTreeMap::from([("cpu".to_owned(), 1.5)]);
        let rounds = Rounds(vec![BTreeMap::from([("ours".to_owned(), sample)])]);
        let mut results = Results { machine: vec!["2 cores".into()], ..Results::default() };
        results.put(
            "python-one",
            Measurement { date: "2026-01-02".into(), commit: "abc".into(), load: "0.10".into(), rounds },
        );
        let again = Results::from_json(&results.to_json()).unwrap();
        assert_eq!(again.to_json(), results.to_json());
        assert_eq!(again.get("python-one").unwrap().rounds.of("ours", "cpu"), [1.5]);
        assert!(again.get("python-two").is_none());
    }
}
