//! Renders `tests/bench/RESULTS.md`.

use std::fmt::Write as _;

use super::results::Results;
use super::rows::{ROWS, Row};
use super::stats::{Rounds, median, range, ratio};
use super::targets::{Bound, TARGETS};
use crate::shell::{Result, Shell};

const FILE: &str = "tests/bench/RESULTS.md";

/// The reasons for missed targets, written by hand after measuring.
const MISSED: &str = "tests/bench/missed.md";

/// Metrics and their columns, in order. The ratio is that of the first metric of a row.
const METRICS: [(&str, &str); 9] = [
    ("start", "class loading and first call, ms"),
    ("cpu", "CPU, µs per call"),
    ("wall", "wall, µs per call"),
    ("allocated", "allocated, kB per call"),
    ("pause", "GC pause, 99th percentile, ms"),
    ("import", "import, ms"),
    ("rss", "memory after import, MB"),
    ("disk", "on disk, MB"),
    ("size", "MB"),
];

const INTRODUCTION: &str = "\
# Results

Written by `make bench`. [README.md](README.md) describes the contestants, the work and the method.

Each cell is the median of the rounds, with the minimum and the maximum. CPU is the user and system time of all threads
of the client's process. With several threads or tasks, wall is the time of all of them divided by all their calls. A
ratio is the median of the ratios within each round. Times are specific to this machine; ratios are more portable. A
load (average of the minute before) well above 2 means that the machine was busy: measure such rows again.
";

/// Writes the results.
pub fn write(shell: &Shell, results: &Results) -> Result {
    let read = |file| std::fs::read_to_string(shell.root.join(file)).ok();
    let (missed, soak) = (read(MISSED), read(crate::soak::REPORT));
    Ok(std::fs::write(shell.root.join(FILE), page(results, missed.as_deref(), soak.as_deref()))?)
}

/// `soak` is the report of the long soak test, if there is one.
fn page(results: &Results, missed: Option<&str>, soak: Option<&str>) -> String {
    let mut page = INTRODUCTION.to_owned() + "\n## Machine\n\n";
    for line in &results.machine {
        let _ = writeln!(page, "- {line}");
    }
    page += "\n## Targets\n\n";
    page += &targets(results);
    if let Some(missed) = missed {
        let _ = write!(page, "\n{missed}");
    }
    for row in ROWS {
        let Some(measurement) = results.get(row.name) else { continue };
        let _ = write!(page, "\n## {}\n\n{}", row.title, table(row, &measurement.rounds));
        let (date, commit, load) = (&measurement.date, &measurement.commit, &measurement.load);
        let _ = writeln!(
            page,
            "\n`cargo xtask bench {}`; {date}, commit {commit}, load before {load}.",
            row.name
        );
    }
    if let Some(soak) = soak {
        let _ = write!(page, "\n## Soak test\n\n{soak}");
    }
    page
}

fn targets(results: &Results) -> String {
    let mut table = "| target | limit | measured | |\n|---|---|---|---|\n".to_owned();
    for target in TARGETS {
        let limit = match target.bound {
            Bound::AtMost(limit) => format!("≤ {}", display(limit)),
            Bound::AtLeast(limit) => format!("≥ {}", display(limit)),
        };
        let measured = results.get(target.row).and_then(|measurement| target.measured(&measurement.rounds));
        let (value, verdict) = match measured {
            Some(value) if target.bound.holds(value) => (display(value), "met"),
            Some(value) => (display(value), "**missed**"),
            None => ("".to_owned(), "not measured"),
        };
        let _ = writeln!(table, "| {} | {limit} | {value} | {verdict} |", target.title);
    }
    table
}

/// The table of a row, with a line for each contestant.
pub fn table(row: &Row, rounds: &Rounds) -> String {
    let has = |metric: &str| row.contestants.iter().any(|one| !rounds.of(one.name, metric).is_empty());
    let metrics: Vec<_> = METRICS.into_iter().filter(|(metric, _)| has(metric)).collect();
    let Some((first, _)) = metrics.first() else { return "No measurements.\n".to_owned() };
    let mut table = String::from("|");
    for (_, title) in &metrics {
        let _ = write!(table, " | {title}");
    }
    let _ = writeln!(table, " | ratio |\n|---|{}", "---:|".repeat(metrics.len() + 1));
    for contestant in row.contestants {
        let _ = write!(table, "| {}", contestant.name);
        for (metric, _) in &metrics {
            let _ = write!(table, " | {}", cell(&rounds.of(contestant.name, metric)));
        }
        let ratio = ratio(rounds, first, contestant.name, row.base).map(display).unwrap_or_default();
        let _ = writeln!(table, " | {ratio} |");
    }
    table
}

/// The median, and the range unless both ends are equal.
fn cell(values: &[f64]) -> String {
    match (median(values), range(values)) {
        (Some(median), Some((min, max))) if display(min) != display(max) => {
            format!("{} ({}–{})", display(median), display(min), display(max))
        }
        (Some(median), _) => display(median),
        _ => String::new(),
    }
}

/// Three significant digits, more than the precision of any measurement.
fn display(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 || size == 0.0 => 2,
        _ => 3,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::results::Measurement;
    use super::super::rows::{HTTPX, OURS, URLLIB3};
    use super::*;

    fn one_row(ours: &[f64]) -> Results {
        let sample = |cpu: f64| BTreeMap::from([("cpu".to_owned(), cpu)]);
        let round = |&cpu: &f64| {
            let samples = [(OURS, sample(cpu)), (HTTPX, sample(100.0)), (URLLIB3, sample(50.0))];
            samples.into_iter().map(|(name, sample)| (name.to_owned(), sample)).collect()
        };
        let rounds = Rounds(ours.iter().map(round).collect());
        let mut results = Results::default();
        results.machine = vec!["2 cores, of some kind".into()];
        results.put(
            "python-one",
            Measurement { date: "2026-01-02".into(), commit: "abc1234".into(), load: "0.10".into(), rounds },
        );
        results
    }

    #[test]
    fn page_has_machine_values_date_commit_and_command() {
        let page = page(&one_row(&[10.0, 12.0, 11.0]), Some("Two reasons.\n"), Some("7 calls.\n"));
        for part in [
            "- 2 cores, of some kind\n",
            "| | CPU, µs per call | ratio |\n|---|---:|---:|\n",
            "| scalekit-rs | 11.0 (10.0–12.0) | 0.110 |\n",
            "| httpx + pydantic | 100 | 1.00 |\n",
            "`cargo xtask bench python-one`; 2026-01-02, commit abc1234, load before 0.10.\n",
            " |\n\nTwo reasons.\n\n## ",
            "\n## Soak test\n\n7 calls.\n",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert!(!page.contains("bench python-page`"));
    }

    #[test]
    fn targets_are_met_missed_or_not_measured() {
        let line = |ours: f64| {
            let page = page(&one_row(&[ours]), None, None);
            let start = "| Python, one user: CPU, relative to httpx + pydantic |";
            page.lines().find(|line| line.starts_with(start)).unwrap()[start.len()..].to_owned()
        };
        assert_eq!(line(24.0), " ≤ 0.240 | 0.240 | met |");
        assert_eq!(line(24.1), " ≤ 0.240 | 0.241 | **missed** |");
        assert!(
            page(&one_row(&[1.0]), None, None).contains("| Library: size in MB | ≤ 4.00 |  | not measured |")
        );
    }

    #[test]
    fn values_have_three_digits() {
        let values = [(0.0666, "0.067"), (1.0, "1.00"), (12.34, "12.3"), (1234.5, "1234"), (0.0, "0.00")];
        for (value, text) in values {
            assert_eq!(display(value), text);
        }
    }
}
