//! What we want, as data: `RESULTS.md` shows for each target what was measured.

use super::rows::{AIOHTTP, HTTPX, OFFICIAL, ONE_THREAD, OURS, REQWEST, RING, URLLIB3};
use super::stats::{Rounds, median, ratio};

/// A figure, or one over another of the same row and round.
pub struct Target {
    pub what: &'static str,
    pub row: &'static str,
    metric: &'static str,
    of: &'static str,
    over: Option<&'static str>,
    pub bound: Bound,
}

#[derive(Debug, Clone, Copy)]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Bound {
    pub fn holds(self, value: f64) -> bool {
        match self {
            Bound::AtMost(limit) => value <= limit,
            Bound::AtLeast(limit) => value >= limit,
        }
    }
}

const fn cpu(
    what: &'static str,
    row: &'static str,
    of: &'static str,
    over: &'static str,
    most: f64,
) -> Target {
    Target { what, row, metric: "cpu", of, over: Some(over), bound: Bound::AtMost(most) }
}

pub const TARGETS: &[Target] = &[
    cpu("Python, one user: CPU, to httpx + pydantic", "python-one", OURS, HTTPX, 0.12),
    cpu("Python, page of 100: CPU, to httpx + pydantic", "python-page", OURS, HTTPX, 0.25),
    cpu("Python, page of 100: CPU, to urllib3 untyped", "python-page", OURS, URLLIB3, 1.0),
    cpu("asyncio, one user: CPU, to aiohttp + pydantic", "python-async-one", OURS, AIOHTTP, 1.0),
    Target {
        what: "Python, 8 threads on 2 cores: throughput, to that of one thread",
        row: "python-one-8",
        metric: "wall",
        of: ONE_THREAD,
        over: Some(OURS),
        bound: Bound::AtLeast(1.8),
    },
    Target {
        what: "Python, import: time, to the official SDK",
        row: "python-import",
        metric: "import",
        of: OURS,
        over: Some(OFFICIAL),
        bound: Bound::AtMost(1.0 / 15.0),
    },
    Target {
        what: "Python, import: time in ms",
        row: "python-import",
        metric: "import",
        of: OURS,
        over: None,
        bound: Bound::AtMost(45.0),
    },
    Target {
        what: "Python, after import: resident memory in MB",
        row: "python-import",
        metric: "rss",
        of: OURS,
        over: None,
        bound: Bound::AtMost(25.0),
    },
    Target {
        what: "The library: size in MB",
        row: "sizes",
        metric: "size",
        of: "library",
        over: None,
        bound: Bound::AtMost(4.0),
    },
    cpu("Rust, one user: CPU, to bare reqwest", "rust-one", OURS, REQWEST, 1.05),
    cpu("Rust, page of 100: CPU, to bare reqwest", "rust-page", OURS, REQWEST, 1.05),
    cpu("Rust async, one user: CPU, to bare reqwest", "rust-async-one", OURS, REQWEST, 1.05),
    cpu("Rust async, page of 100: CPU, to bare reqwest", "rust-async-page", OURS, REQWEST, 1.05),
    Target {
        what: "Rust, access tokens a second, to bare RSA checks a second",
        row: "rust-token",
        metric: "wall",
        of: RING,
        over: Some(OURS),
        bound: Bound::AtLeast(0.8),
    },
];

impl Target {
    /// What was measured; nothing where it was not.
    pub fn measured(&self, rounds: &Rounds) -> Option<f64> {
        match self.over {
            Some(over) => ratio(rounds, self.metric, self.of, over),
            None => median(&rounds.of(self.of, self.metric)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::ROWS;
    use super::*;

    #[test]
    fn every_target_is_about_somebody_who_is_measured() {
        for target in TARGETS {
            let row = ROWS.iter().find(|row| row.name == target.row).expect(target.what);
            for who in std::iter::once(target.of).chain(target.over) {
                assert!(row.contestants.iter().any(|contestant| contestant.name == who), "{}", target.what);
            }
        }
    }

    #[test]
    fn every_base_is_a_contestant_of_its_row_and_every_name_is_one_of_a_kind() {
        for row in ROWS {
            let named = |name: &str| row.contestants.iter().filter(|one| one.name == name).count();
            assert_eq!(named(row.base), 1, "{}", row.name);
            assert!(row.contestants.iter().all(|one| named(one.name) == 1), "{}", row.name);
            assert_eq!(ROWS.iter().filter(|other| other.name == row.name).count(), 1);
        }
    }

    #[test]
    fn a_bound_holds_on_its_own_side() {
        assert!(Bound::AtMost(1.0).holds(1.0) && !Bound::AtMost(1.0).holds(1.01));
        assert!(Bound::AtLeast(1.0).holds(1.0) && !Bound::AtLeast(1.0).holds(0.99));
    }
}
