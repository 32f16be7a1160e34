//! The command line.

use std::path::PathBuf;

/// How to use the program.
pub const HELP: &str = "\
All areas of the API at once, through everything that can go wrong, with a ledger of every write.

scalekit-soak --emulator PROGRAM [--calls N] [--seed N] [--report FILE]

--emulator PROGRAM   the emulator's program
--calls N            how many calls to make [default: 20000]
--seed N             repeats the plan of an earlier run; how threads take turns is the machine's choice
--report FILE        where to write the report; it is printed anyhow";

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The emulator's program.
    pub emulator: PathBuf,
    /// How many calls.
    pub calls: u64,
    /// Where all chance comes from.
    pub seed: u64,
    /// Where to write the report.
    pub report: Option<PathBuf>,
}

impl Options {
    /// Reads the command line.
    pub fn read(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let (mut emulator, mut report, mut calls, mut seed) = (None, None, 20_000, fastrand::u64(..1 << 32));
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            let number = |text: String| text.parse().map_err(|_| format!("{word} cannot be {text}"));
            match word.as_str() {
                "--emulator" => emulator = Some(value()?.into()),
                "--report" => report = Some(value()?.into()),
                "--calls" => calls = number(value()?)?,
                "--seed" => seed = number(value()?)?,
                other => return Err(format!("{other} is not an option\n\n{HELP}")),
            }
        }
        if calls == 0 {
            return Err("--calls must be at least 1".into());
        }
        let emulator = emulator.ok_or("--emulator is missing; `cargo xtask soak` knows where it is")?;
        Ok(Self { emulator, calls, seed, report })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        Options::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_line_is_read_or_refused() {
        let options = read("--calls 70 --seed 5 --emulator e --report r.md").unwrap();
        let expected = Options { emulator: "e".into(), calls: 70, seed: 5, report: Some("r.md".into()) };
        assert_eq!(options, expected);
        assert_eq!(read("--emulator e").unwrap().calls, 20_000);
        for bad in
            ["", "--emulator", "--calls 0 --emulator e", "--calls x --emulator e", "--fast --emulator e"]
        {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
