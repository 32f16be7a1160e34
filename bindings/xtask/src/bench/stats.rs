//! Medians and ratios of what was measured.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What one contestant measured at one time: figures by the name of their metric.
pub type Sample = BTreeMap<String, f64>;

/// A row's rounds: in each, every contestant's sample by the contestant's name.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Rounds(pub Vec<BTreeMap<String, Sample>>);

impl Rounds {
    /// All figures of one contestant, round by round.
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

/// The middle one; of an even number, the mean of the middle two.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(sorted[sorted.len() / 2 - 1], upper))
}

/// The least and the greatest.
pub fn range(values: &[f64]) -> Option<(f64, f64)> {
    let least = values.iter().copied().min_by(f64::total_cmp)?;
    Some((least, values.iter().copied().max_by(f64::total_cmp)?))
}

/// The median of the ratios within each round: a machine that is slow for a while is slow for both.
pub fn ratio(rounds: &Rounds, metric: &str, of: &str, over: &str) -> Option<f64> {
    let of_round = |round: &BTreeMap<String, Sample>| {
        let (of, over) = (round.get(of)?.get(metric)?, round.get(over)?.get(metric)?);
        (*over > 0.0).then_some(of / over)
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
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[1.0, 1000.0, 2.0]), Some(2.0));
    }

    #[test]
    fn the_range_is_from_the_least_to_the_greatest() {
        assert_eq!(range(&[]), None);
        assert_eq!(range(&[2.0, 3.0, 1.0]), Some((1.0, 3.0)));
    }

    #[test]
    fn a_ratio_compares_within_a_round() {
        // A machine that is twice as slow in the second round changes nothing.
        let rounds = rounds(&[(1.0, 10.0), (2.0, 20.0), (30.0, 10.0)]);
        assert_eq!(ratio(&rounds, "cpu", "ours", "theirs"), Some(0.1));
        assert_eq!(ratio(&rounds, "cpu", "theirs", "ours"), Some(10.0));
        assert_eq!(ratio(&rounds, "wall", "ours", "theirs"), None);
        assert_eq!(ratio(&rounds, "cpu", "ours", "nobody"), None);
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        assert_eq!(ratio(&rounds(&[(1.0, 0.0)]), "cpu", "ours", "theirs"), None);
    }

    #[test]
    fn rounds_are_kept_as_they_are() {
        let rounds = rounds(&[(1.0, 10.0), (2.5, 20.0)]);
        assert_eq!(Rounds::from_json(&rounds.to_json()).unwrap(), rounds);
        assert_eq!(rounds.of("ours", "cpu"), [1.0, 2.5]);
    }
}
