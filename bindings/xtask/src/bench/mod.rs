//! `make bench`: compares this library with others on the same work, and writes `tests/bench/RESULTS.md`.

mod machine;
mod report;
mod results;
mod rows;
mod setup;
mod stats;
mod targets;

use crate::shell::{Result, Shell};
use results::{Measurement, Results};
use rows::{ROWS, Row};
use setup::Setup;
use stats::Rounds;

/// How long to measure.
#[derive(PartialEq)]
struct Effort {
    rounds: usize,
    seconds: &'static str,
}

const FULL: Effort = Effort { rounds: 7, seconds: "1" };

/// Only checks that all contestants run and return correct results. The measurements are meaningless and not kept.
const QUICK: Effort = Effort { rounds: 1, seconds: "0.1" };

/// `cargo xtask bench [quick] [ROW]…`: measures all rows, or these; the results of the others are unchanged.
///
/// `cargo xtask bench steps`: prints the duration of each step of a call from Python.
///
/// `cargo xtask bench report`: writes `RESULTS.md` from the existing results.
pub fn run(shell: &Shell, arguments: &[&str]) -> Result {
    if arguments == ["steps"] {
        return Setup::prepare(shell, &rows_named(&["python-one"])?)?.steps();
    }
    if arguments == ["report"] {
        return report::write(shell, &Results::load(shell)?);
    }
    let (effort, names) = match arguments {
        ["quick", names @ ..] => (QUICK, names),
        names => (FULL, names),
    };
    let rows = rows_named(names)?;
    let setup = Setup::prepare(shell, &rows)?;
    let mut results = Results::load(shell)?;
    for row in rows {
        let load = machine::load();
        let rounds = measure(&setup, row, &effort)?;
        println!("\n{}", report::table(row, &rounds));
        results.put(
            row.name,
            Measurement { date: machine::today(shell)?, commit: machine::commit(shell)?, load, rounds },
        );
        if effort == FULL {
            results.machine = machine::describe(shell);
            results.save(shell)?;
        }
    }
    if effort == FULL {
        report::write(shell, &results)?;
    }
    Ok(())
}

fn rows_named(names: &[&str]) -> Result<Vec<&'static Row>> {
    if names.is_empty() {
        return Ok(ROWS.iter().collect());
    }
    let find = |name: &&str| {
        let all = || ROWS.iter().map(|row| row.name).collect::<Vec<_>>().join(", ");
        ROWS.iter()
            .find(|row| row.name == *name)
            .ok_or_else(|| format!("unknown row: {name}; known: {}", all()).into())
    };
    names.iter().map(find).collect()
}

/// Each round starts with another contestant, so that none is always measured after the same other.
fn measure(setup: &Setup<'_>, row: &'static Row, effort: &Effort) -> Result<Rounds> {
    let mut rounds = Rounds::default();
    for number in 0..effort.rounds {
        eprintln!("{}: round {} of {}", row.name, number + 1, effort.rounds);
        let mut round = std::collections::BTreeMap::new();
        for turn in 0..row.contestants.len() {
            let contestant = &row.contestants[(turn + number) % row.contestants.len()];
            round.insert(contestant.name.to_owned(), setup.measure(contestant, effort.seconds)?);
        }
        rounds.0.push(round);
    }
    Ok(rounds)
}

#[cfg(test)]
mod tests {
    use super::rows_named;

    #[test]
    fn rows_are_selected_by_name() {
        let names = |rows: Vec<&super::Row>| rows.iter().map(|row| row.name).collect::<Vec<_>>();
        assert_eq!(names(rows_named(&["sizes", "jvm-one"]).unwrap()), ["sizes", "jvm-one"]);
        assert_eq!(rows_named(&[]).unwrap().len(), super::ROWS.len());
        let error = rows_named(&["jvm-two"]).err().unwrap().to_string();
        assert!(error.contains("jvm-two") && error.contains("jvm-one"), "{error}");
    }
}
