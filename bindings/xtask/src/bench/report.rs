//! `tests/bench/RESULTS.md`.

use std::fmt::Write as _;

use super::results::Results;
use super::rows::{ROWS, Row};
use super::stats::{Rounds, median, range, ratio};
use super::targets::{Bound, TARGETS};
use crate::shell::{Done, Shell};

const FILE: &str = "tests/bench/RESULTS.md";

/// What keeps missed targets from being met; written by hand, after measuring.
const MISSED: &str = "tests/bench/missed.md";

/// Metrics in the order of their columns. The ratio is that of the first which a row has.
const METRICS: [(&str, &str); 6] = [
    ("cpu", "CPU, µs a call"),
    ("wall", "wall, µs a call"),
    ("import", "import, ms"),
    ("rss", "memory after it, MB"),
    ("disk", "on disk, MB"),
    ("size", "MB"),
];

const INTRODUCTION: &str = "\
# Results

Written by `make bench`; [README.md](README.md) says who is measured on what, and how.

Medians of the rounds, with the least and the greatest. CPU is user and system time of the client's process, all its
threads; with several threads or tasks, wall is the time of all of them over the calls of all of them. A ratio is the
median of the ratios within each round. Times are those of this machine, ratios travel better. A
load (of the minute before) well above 2 says that the machine had other work: such rows are to be measured again.
";

/// Writes the page.
pub fn write(shell: &Shell, results: &Results) -> Done {
    let read = |file| std::fs::read_to_string(shell.root.join(file)).ok();
    let (missed, soak) = (read(MISSED), read(crate::soak::REPORT));
    Ok(std::fs::write(shell.root.join(FILE), page(results, missed.as_deref(), soak.as_deref()))?)
}

/// `soak` is the report of the long soak, if there was one.
fn page(results: &Results, missed: Option<&str>, soak: Option<&str>) -> String {
    let mut page = INTRODUCTION.to_owned() + "\n## The machine\n\n";
    for line in &results.machine {
        let _ = writeln!(page, "- {line}");
    }
    page += "\n## Targets\n\n";
    page += &targets(results);
    if let Some(missed) = missed {
        let _ = write!(page, "\n{missed}");
    }
    for row in ROWS {
        let Some(taken) = results.get(row.name) else { continue };
        let _ = write!(page, "\n## {}\n\n{}", row.title, table(row, &taken.rounds));
        let (when, commit, load) = (&taken.when, &taken.commit, &taken.load);
        let _ =
            writeln!(page, "\n`cargo xtask bench {}`; {when}, at {commit}, load before it {load}.", row.name);
    }
    if let Some(soak) = soak {
        let _ = write!(page, "\n## The soak\n\n{soak}");
    }
    page
}

fn targets(results: &Results) -> String {
    let mut table = "| target | wanted | measured | |\n|---|---|---|---|\n".to_owned();
    for target in TARGETS {
        let wanted = match target.bound {
            Bound::AtMost(limit) => format!("≤ {}", shown(limit)),
            Bound::AtLeast(limit) => format!("≥ {}", shown(limit)),
        };
        let measured = results.get(target.row).and_then(|taken| target.measured(&taken.rounds));
        let (value, verdict) = match measured {
            Some(value) if target.bound.holds(value) => (shown(value), "met"),
            Some(value) => (shown(value), "**missed**"),
            None => ("".to_owned(), "not measured"),
        };
        let _ = writeln!(table, "| {} | {wanted} | {value} | {verdict} |", target.what);
    }
    table
}

/// One row's table: a line a contestant.
pub fn table(row: &Row, rounds: &Rounds) -> String {
    let has = |metric: &str| row.contestants.iter().any(|one| !rounds.of(one.name, metric).is_empty());
    let metrics: Vec<_> = METRICS.into_iter().filter(|(metric, _)| has(metric)).collect();
    let Some((first, _)) = metrics.first() else { return "Nothing was measured.\n".to_owned() };
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
        let ratio = ratio(rounds, first, contestant.name, row.base).map(shown).unwrap_or_default();
        let _ = writeln!(table, " | {ratio} |");
    }
    table
}

/// The median, and the range where there is one.
fn cell(values: &[f64]) -> String {
    match (median(values), range(values)) {
        (Some(middle), Some((least, greatest))) if shown(least) != shown(greatest) => {
            format!("{} ({}–{})", shown(middle), shown(least), shown(greatest))
        }
        (Some(middle), _) => shown(middle),
        _ => String::new(),
    }
}

/// Three figures, which is more than any of this is good for.
fn shown(value: f64) -> String {
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

    use super::super::results::Taken;
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
            Taken { when: "2026-01-02".into(), commit: "abc1234".into(), load: "0.10".into(), rounds },
        );
        results
    }

    #[test]
    fn a_page_says_what_was_measured_where_when_and_how_to_do_it_again() {
        let page = page(&one_row(&[10.0, 12.0, 11.0]), Some("Two reasons.\n"), Some("7 calls.\n"));
        for part in [
            "- 2 cores, of some kind\n",
            "| | CPU, µs a call | ratio |\n|---|---:|---:|\n",
            "| scalekit-rs | 11.0 (10.0–12.0) | 0.110 |\n",
            "| httpx + pydantic | 100 | 1.00 |\n",
            "`cargo xtask bench python-one`; 2026-01-02, at abc1234, load before it 0.10.\n",
            " |\n\nTwo reasons.\n\n## ",
            "\n## The soak\n\n7 calls.\n",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert!(!page.contains("bench python-page`"));
    }

    #[test]
    fn a_target_is_met_missed_or_not_measured() {
        let line = |ours: f64| {
            let page = page(&one_row(&[ours]), None, None);
            let start = "| Python, one user: CPU, to httpx + pydantic |";
            page.lines().find(|line| line.starts_with(start)).unwrap()[start.len()..].to_owned()
        };
        assert_eq!(line(12.0), " ≤ 0.120 | 0.120 | met |");
        assert_eq!(line(12.1), " ≤ 0.120 | 0.121 | **missed** |");
        assert!(
            page(&one_row(&[1.0]), None, None)
                .contains("| The library: size in MB | ≤ 4.00 |  | not measured |")
        );
    }

    #[test]
    fn figures_are_short() {
        let figures = [(0.0666, "0.067"), (1.0, "1.00"), (12.34, "12.3"), (1234.5, "1234"), (0.0, "0.00")];
        for (value, text) in figures {
            assert_eq!(shown(value), text);
        }
    }
}
