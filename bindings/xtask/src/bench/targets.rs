//! Performance targets. `RESULTS.md` shows the measured value of each.

use super::rows::{
    AIOHTTP, FROM_RUST, FROM_SOURCE, HTTPX, JACKSON, JACKSON_NEWEST, OFFICIAL, OKHTTP, OKHTTP_NEWEST,
    ONE_THREAD, OURS, OURS_FOREIGN, OURS_JNA, OURS_READ, REQWEST, RING, STANDARD_WEBHOOKS, TYPED_EVENT,
    URLLIB3,
};
use super::stats::{Rounds, median, ratio};

/// A value, or its ratio to another of the same row and round.
pub struct Target {
    pub title: &'static str,
    pub row: &'static str,
    metric: &'static str,
    contestant: &'static str,
    /// The contestant of the denominator.
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
    title: &'static str,
    row: &'static str,
    contestant: &'static str,
    over: &'static str,
    limit: f64,
) -> Target {
    Target { title, row, metric: "cpu", contestant, over: Some(over), bound: Bound::AtMost(limit) }
}

const fn jvm(
    title: &'static str,
    metric: &'static str,
    row: &'static str,
    contestant: &'static str,
    over: &'static str,
    limit: f64,
) -> Target {
    Target { title, row, metric, contestant, over: Some(over), bound: Bound::AtMost(limit) }
}

const fn import(title: &'static str, metric: &'static str, contestant: &'static str, limit: f64) -> Target {
    Target { title, row: "python-import", metric, contestant, over: None, bound: Bound::AtMost(limit) }
}

pub const TARGETS: &[Target] = &[
    cpu("Python, one user: CPU, relative to httpx + pydantic", "python-one", OURS, HTTPX, 0.24),
    cpu(
        "Python, page of 100, three fields of each user read: CPU, relative to httpx + pydantic",
        "python-page",
        OURS_READ,
        HTTPX,
        0.45,
    ),
    cpu(
        "Python, page of 100, every field read: CPU, relative to httpx + pydantic",
        "python-page-every",
        OURS,
        HTTPX,
        0.60,
    ),
    cpu("Python, page of 100: CPU, relative to urllib3 untyped", "python-page", OURS, URLLIB3, 1.0),
    cpu("asyncio, one user: CPU, relative to aiohttp + pydantic", "python-async-one", OURS, AIOHTTP, 0.95),
    cpu(
        "Python, webhook with a typed event: CPU, relative to standardwebhooks and json",
        "python-webhook",
        TYPED_EVENT,
        STANDARD_WEBHOOKS,
        1.2,
    ),
    Target {
        title: "Python, 8 threads on 2 cores: throughput, relative to one thread",
        row: "python-one-8",
        metric: "wall",
        contestant: ONE_THREAD,
        over: Some(OURS),
        bound: Bound::AtLeast(1.8),
    },
    Target {
        title: "Python, import: time, relative to the official SDK",
        row: "python-import",
        metric: "import",
        contestant: OURS,
        over: Some(OFFICIAL),
        bound: Bound::AtMost(1.0 / 15.0),
    },
    import("Python, import: time in ms", "import", OURS, 12.0),
    import("Python, after import: resident memory in MB", "rss", OURS, 16.0),
    import("Python, import without byte code: time in ms", "import", FROM_SOURCE, 90.0),
    import("Python, after import without byte code: resident memory in MB", "rss", FROM_SOURCE, 24.0),
    Target {
        title: "Python, wheel: size in MB",
        row: "sizes",
        metric: "size",
        contestant: "wheel",
        over: None,
        bound: Bound::AtMost(2.71),
    },
    Target {
        title: "Library: size in MB",
        row: "sizes",
        metric: "size",
        contestant: "library",
        over: None,
        bound: Bound::AtMost(4.0),
    },
    cpu("JVM, one user, JNA: CPU, relative to java.net.http + Jackson", "jvm-one", OURS_JNA, JACKSON, 0.75),
    cpu(
        "JVM, one user, foreign functions: CPU, relative to java.net.http + Jackson",
        "jvm-one",
        OURS_FOREIGN,
        JACKSON_NEWEST,
        0.55,
    ),
    cpu(
        "JVM, page of 100, every field read, JNA: CPU, relative to java.net.http + Jackson",
        "jvm-page",
        OURS_JNA,
        JACKSON,
        0.80,
    ),
    cpu(
        "JVM, page of 100, every field read, foreign functions: CPU, relative to java.net.http + Jackson",
        "jvm-page",
        OURS_FOREIGN,
        JACKSON_NEWEST,
        0.60,
    ),
    cpu(
        "JVM, async, 50 calls at once, JNA: CPU, relative to java.net.http + Jackson",
        "jvm-async",
        OURS_JNA,
        JACKSON,
        0.80,
    ),
    cpu(
        "JVM, async, 50 calls at once, foreign functions: CPU, relative to java.net.http + Jackson",
        "jvm-async",
        OURS_FOREIGN,
        JACKSON_NEWEST,
        0.80,
    ),
    jvm(
        "JVM, JNA: GC pauses, relative to java.net.http + Jackson",
        "pause",
        "jvm-pauses",
        OURS_JNA,
        JACKSON,
        1.5,
    ),
    jvm(
        "JVM, foreign functions: GC pauses, relative to java.net.http + Jackson",
        "pause",
        "jvm-pauses",
        OURS_FOREIGN,
        JACKSON_NEWEST,
        1.5,
    ),
    jvm("JVM, start, JNA: time, relative to okhttp + Jackson", "start", "jvm-start", OURS_JNA, OKHTTP, 1.0),
    jvm(
        "JVM, start, foreign functions: time, relative to okhttp + Jackson",
        "start",
        "jvm-start",
        OURS_FOREIGN,
        OKHTTP_NEWEST,
        1.0,
    ),
    cpu("C, one organization as JSON: CPU, relative to Rust", "c-organization", OURS, FROM_RUST, 1.05),
    cpu("Rust, one user: CPU, relative to bare reqwest", "rust-one", OURS, REQWEST, 1.05),
    cpu("Rust, page of 100: CPU, relative to bare reqwest", "rust-page", OURS, REQWEST, 1.05),
    cpu("Rust async, one user: CPU, relative to bare reqwest", "rust-async-one", OURS, REQWEST, 1.05),
    cpu("Rust async, page of 100: CPU, relative to bare reqwest", "rust-async-page", OURS, REQWEST, 1.05),
    Target {
        title: "Rust: access tokens per second, relative to bare RSA verifications per second",
        row: "rust-token",
        metric: "wall",
        contestant: RING,
        over: Some(OURS),
        bound: Bound::AtLeast(0.8),
    },
];

impl Target {
    /// The measured value, if there is one.
    pub fn measured(&self, rounds: &Rounds) -> Option<f64> {
        match self.over {
            Some(over) => ratio(rounds, self.metric, self.contestant, over),
            None => median(&rounds.of(self.contestant, self.metric)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::ROWS;
    use super::*;

    #[test]
    fn every_target_is_about_a_contestant_of_its_row() {
        for target in TARGETS {
            let row = ROWS.iter().find(|row| row.name == target.row).expect(target.title);
            for name in std::iter::once(target.contestant).chain(target.over) {
                assert!(row.contestants.iter().any(|contestant| contestant.name == name), "{}", target.title);
            }
        }
    }

    #[test]
    fn bases_are_contestants_and_names_are_unique() {
        for row in ROWS {
            let named = |name: &str| row.contestants.iter().filter(|one| one.name == name).count();
            assert_eq!(named(row.base), 1, "{}", row.name);
            assert!(row.contestants.iter().all(|one| named(one.name) == 1), "{}", row.name);
            assert_eq!(ROWS.iter().filter(|other| other.name == row.name).count(), 1);
        }
    }

    #[test]
    fn bounds_include_their_limit() {
        assert!(Bound::AtMost(1.0).holds(1.0) && !Bound::AtMost(1.0).holds(1.01));
        assert!(Bound::AtLeast(1.0).holds(1.0) && !Bound::AtLeast(1.0).holds(0.99));
    }
}
