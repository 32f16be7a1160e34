//! The command line.

use std::path::PathBuf;

/// The help text.
pub const HELP: &str = "\
Soak test: calls to all areas of the API under constant faults, with a ledger of every write.

scalekit-soak --emulator PROGRAM [--calls N] [--seed N] [--report FILE]

--emulator PROGRAM   path of the emulator
--calls N            number of calls [default: 20000]
--seed N             repeat the faults and calls of an earlier run; thread scheduling still varies
--report FILE        also write the report to this file; it is always printed";

/// The command-line options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The path of the emulator.
    pub emulator: PathBuf,
    /// The number of calls.
    pub calls: u64,
    /// The seed of all random choices.
    pub seed: u64,
    /// The file for the report.
    pub report: Option<PathBuf>,
}

impl Options {
    /// Parses the command line.
    pub fn read(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let (mut emulator, mut report, mut calls, mut seed) = (None, None, 20_000, fastrand::u64(..1 << 32));
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            let number = |text: String| text.parse().map_err(|_| format!("{argument}: invalid value {text}"));
            match argument.as_str() {
                "--emulator" => emulator = Some(value()?.into()),
                "--report" => report = Some(value()?.into()),
                "--calls" => calls = number(value()?)?,
                "--seed" => seed = number(value()?)?,
                other => return Err(format!("unknown option {other}\n\n{HELP}")),
            }
        }
        if calls == 0 {
            return Err("--calls must be at least 1".into());
        }
        let emulator = emulator.ok_or("--emulator is required; `cargo xtask soak` sets it")?;
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
    fn command_line_is_parsed_or_rejected() {
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
