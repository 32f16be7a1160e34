//! `make bench`: everybody who does the same work, in turn, and the tables in `tests/bench/RESULTS.md`.

mod machine;
mod place;
mod report;
mod results;
mod rows;
mod stats;
mod targets;

use crate::shell::{Done, Shell};
use place::Place;
use results::{Results, Taken};
use rows::{ROWS, Row};
use stats::Rounds;

/// How thoroughly.
struct Measure {
    rounds: usize,
    seconds: &'static str,
}

const FULL: Measure = Measure { rounds: 7, seconds: "1" };

/// Whether everybody still runs and gives right answers; its figures mean nothing, and are not kept.
const QUICK: Measure = Measure { rounds: 1, seconds: "0.1" };

/// `cargo xtask bench [quick] [ROW]…`: all rows, or these. The results of the others stay as they are.
///
/// `cargo xtask bench steps`: where our calls from Python spend their time, to read and not to keep.
pub fn run(shell: &Shell, arguments: &[&str]) -> Done {
    if arguments == ["steps"] {
        return Place::prepare(shell, &chosen(&["python-one"])?)?.steps();
    }
    let (measure, names) = match arguments {
        ["quick", names @ ..] => (QUICK, names),
        names => (FULL, names),
    };
    let rows = chosen(names)?;
    let place = Place::prepare(shell, &rows)?;
    let mut results = Results::load(shell)?;
    for row in rows {
        let load = machine::load();
        let rounds = play(&place, row, &measure)?;
        println!("\n{}", report::table(row, &rounds));
        results.put(
            row.name,
            Taken { when: machine::today(shell)?, commit: machine::commit(shell)?, load, rounds },
        );
        if measure.rounds == FULL.rounds {
            results.machine = machine::described(shell);
            results.save(shell)?;
        }
    }
    if measure.rounds == FULL.rounds {
        report::write(shell, &results)?;
    }
    Ok(())
}

fn chosen(names: &[&str]) -> Result<Vec<&'static Row>, String> {
    if names.is_empty() {
        return Ok(ROWS.iter().collect());
    }
    let find = |name: &&str| {
        let all = || ROWS.iter().map(|row| row.name).collect::<Vec<_>>().join(", ");
        ROWS.iter()
            .find(|row| row.name == *name)
            .ok_or_else(|| format!("no such row: {name}; there are {}", all()))
    };
    names.iter().map(find).collect()
}

/// Each round begins with another contestant, so that nobody always comes after the same one.
fn play(
    place: &Place<'_>,
    row: &'static Row,
    measure: &Measure,
) -> Result<Rounds, Box<dyn std::error::Error>> {
    let mut rounds = Rounds::default();
    for number in 0..measure.rounds {
        eprintln!("{}: round {} of {}", row.name, number + 1, measure.rounds);
        let mut round = std::collections::BTreeMap::new();
        for turn in 0..row.contestants.len() {
            let contestant = &row.contestants[(turn + number) % row.contestants.len()];
            round.insert(contestant.name.to_owned(), place.measure(contestant, measure.seconds)?);
        }
        rounds.0.push(round);
    }
    Ok(rounds)
}

/// The environment that the Python contestants are type-checked in, with the package in it.
pub fn python_environment(
    shell: &Shell,
    wheel: &std::path::Path,
) -> Result<std::path::PathBuf, Box<dyn std::error::Error>> {
    Ok(place::contestants_of_python(shell, wheel)?.path().to_owned())
}

#[cfg(test)]
mod tests {
    use super::chosen;

    #[test]
    fn rows_are_chosen_by_name() {
        let names = |rows: Vec<&super::Row>| rows.iter().map(|row| row.name).collect::<Vec<_>>();
        assert_eq!(names(chosen(&["sizes", "jvm-one"]).unwrap()), ["sizes", "jvm-one"]);
        assert_eq!(chosen(&[]).unwrap().len(), super::ROWS.len());
        let error = chosen(&["jvm-two"]).err().unwrap();
        assert!(error.contains("jvm-two") && error.contains("jvm-one"), "{error}");
    }
}
