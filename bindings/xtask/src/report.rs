//! Runs the steps of a task and reports which passed, failed or were skipped.

use std::time::Instant;

use crate::shell::{Missing, Result, Shell};

/// A step and its name.
pub type Step = (&'static str, fn(&Shell) -> Result);

/// Runs all steps, or those with the given names. `kind` is what the steps are, for the message about an unknown name.
pub fn run_steps(shell: &Shell, kind: &str, steps: &[Step], names: &[&str]) -> Result {
    if let Some(unknown) = names.iter().find(|name| !steps.iter().any(|(step, _)| step == *name)) {
        let known: Vec<_> = steps.iter().map(|(name, _)| *name).collect();
        return Err(format!("unknown {kind}: {unknown}; known: {}", known.join(", ")).into());
    }
    let mut report = Report::default();
    for (name, step) in steps.iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
        report.run(name, || step(shell));
    }
    report.finish()
}

/// Fails with the failures of all parts.
pub fn all(parts: &[(&str, Result)]) -> Result {
    let failures =
        parts.iter().filter_map(|(name, result)| Some(format!("{name}: {}", result.as_ref().err()?)));
    match failures.collect::<Vec<_>>() {
        failures if failures.is_empty() => Ok(()),
        failures => Err(failures.join("; ").into()),
    }
}

enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

/// Runs one step after the other and continues after a failure, so that one failure does not hide another.
#[derive(Default)]
pub struct Report {
    steps: Vec<(&'static str, f64, Outcome)>,
}

impl Report {
    pub fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result) {
        eprintln!("\n===== {name} =====");
        let start = Instant::now();
        let outcome = match step() {
            Ok(()) => Outcome::Passed,
            Err(error) if error.is::<Missing>() => Outcome::Skipped(error.to_string()),
            Err(error) => Outcome::Failed(error.to_string()),
        };
        self.steps.push((name, start.elapsed().as_secs_f64(), outcome));
    }

    pub fn finish(self) -> Result {
        let ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
        let (mut failed, mut skipped) = (0, 0);
        eprintln!();
        for (name, seconds, outcome) in &self.steps {
            let line = match outcome {
                Outcome::Passed => "passed".to_owned(),
                Outcome::Failed(reason) => format!("FAILED: {reason}"),
                Outcome::Skipped(reason) => format!("!!!!! SKIPPED: {reason}"),
            };
            eprintln!("{name:<12} {seconds:>7.1} s  {line}");
            failed += usize::from(matches!(outcome, Outcome::Failed(_)));
            skipped += usize::from(matches!(outcome, Outcome::Skipped(_)));
        }
        match (failed, skipped) {
            (0, 0) => Ok(()),
            (0, _) if !ci => {
                eprintln!("\n!!!!! {skipped} of {} skipped; see above", self.steps.len());
                Ok(())
            }
            _ => Err(format!("{failed} failed, {skipped} skipped, of {}", self.steps.len()).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn failures_of_all_parts_are_reported() {
        let error = all(&[("a", Err("x".into())), ("b", Ok(())), ("c", Err("y".into()))]).unwrap_err();
        assert_eq!(error.to_string(), "a: x; c: y");
        assert!(all(&[("a", Ok(()))]).is_ok());
    }
}
