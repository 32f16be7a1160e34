//! Medians and ratios of measurements.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// One measurement of one contestant: values by metric.
pub type Sample = BTreeMap<String, f64>;

/// The rounds of a row: in each, the sample of every contestant, by its name.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Rounds(pub Vec<BTreeMap<String, Sample>>);

impl Rounds {
    /// The values of a contestant in all rounds.
    pub fn of(&self, contestant: &str, metric: &str) -> Vec<f64> {
        self.0.iter().filter_map(|round| round.get(contestant)?.get(metric).copied()).collect()
    }

    pub fn to_json(&self) -> Value {
        json!(self.0)
    }

    pub fn from_json(value: &Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(value.clone()).map(Self)
    }
}

/// The median: for an even number of values, the mean of the middle two.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(sorted[sorted.len() / 2 - 1], upper))
}

/// The minimum and the maximum.
pub fn range(values: &[f64]) -> Option<(f64, f64)> {
    let least = values.iter().copied().min_by(f64::total_cmp)?;
    Some((least, values.iter().copied().max_by(f64::total_cmp)?))
}

/// The median of the ratios within each round: a temporarily slow machine affects both contestants of a round.
pub fn ratio(rounds: &Rounds, metric: &str, numerator: &str, denominator: &str) -> Option<f64> {
    let of_round = |round: &BTreeMap<String, Sample>| {
        let (above, below) = (round.get(numerator)?.get(metric)?, round.get(denominator)?.get(metric)?);
        (*below > 0.0).then_some(above / below)
    };
    median(&rounds.0.iter().filter_map(of_round).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds(pairs: &[(f64, f64)]) -> Rounds {
        let sample = |value: f64| BTreeMap::from([("cpu".to_owned(), value)]);
        let round = |&(ours, theirs): &(f64, f64)| {
            BTreeMap::from([("ours".to_owned(), sample(ours)), ("theirs".to_owned(), sample(theirs))])
        };
        Rounds(pairs.iter().map(round).collect())
    }

    #[test]
    fn median_is_the_middle_value_or_the_mean_of_two() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[1.0, 1000.0, 2.0]), Some(2.0));
    }

    #[test]
    fn range_is_minimum_and_maximum() {
        assert_eq!(range(&[]), None);
        assert_eq!(range(&[2.0, 3.0, 1.0]), Some((1.0, 3.0)));
    }

    #[test]
    fn ratio_compares_within_rounds() {
        // The machine is twice as slow in the second round.
        let rounds = rounds(&[(1.0, 10.0), (2.0, 20.0), (30.0, 10.0)]);
        assert_eq!(ratio(&rounds, "cpu", "ours", "theirs"), Some(0.1));
        assert_eq!(ratio(&rounds, "cpu", "theirs", "ours"), Some(10.0));
        assert_eq!(ratio(&rounds, "wall", "ours", "theirs"), None);
        assert_eq!(ratio(&rounds, "cpu", "ours", "unknown"), None);
    }

    #[test]
    fn ratio_over_zero_is_not_defined() {
        assert_eq!(ratio(&rounds(&[(1.0, 0.0)]), "cpu", "ours", "theirs"), None);
    }

    #[test]
    fn rounds_survive_a_round_trip_through_json() {
        let rounds = rounds(&[(1.0, 10.0), (2.5, 20.0)]);
        assert_eq!(Rounds::from_json(&rounds.to_json()).unwrap(), rounds);
        assert_eq!(rounds.of("ours", "cpu"), [1.0, 2.5]);
    }
}
