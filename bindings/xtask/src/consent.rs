//! Asks before a large download.

use std::io::{self, BufRead, IsTerminal};

use crate::shell::{Missing, Result, Shell};

/// The variable that answers for the user: `yes` or `no`.
const VARIABLE: &str = "SCALEKIT_DOWNLOADS";

/// Announces a download, and fails with `Missing` if the user declines it. Without a terminal, only `CI=true` or the
/// variable accepts it.
pub fn ask(shell: &Shell, what: &str, size: &str) -> Result {
    eprintln!("\nDownload: {what} ({size}).");
    let variable = std::env::var(VARIABLE).ok();
    let question = || {
        if !io::stdin().is_terminal() {
            return None;
        }
        eprint!("Continue? [y/N] ");
        io::stdin().lock().lines().next()?.ok()
    };
    if accepts(shell.ci, variable.as_deref(), question) {
        return Ok(());
    }
    Err(Missing(format!("the download was declined: {what} ({size}); {VARIABLE}=yes accepts it")).into())
}

fn accepts(ci: bool, variable: Option<&str>, question: impl FnOnce() -> Option<String>) -> bool {
    match variable {
        Some(answer) => is_yes(answer),
        None => ci || question().is_some_and(|answer| is_yes(&answer)),
    }
}

fn is_yes(answer: &str) -> bool {
    ["y", "yes"].contains(&answer.trim().to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_decides_before_ci_and_the_user() {
        let answered = |answer: &'static str| move || Some(answer.to_owned());
        let unasked = || -> Option<String> { panic!("the user is not asked") };
        assert!(accepts(false, Some("yes"), unasked) && !accepts(true, Some("no"), unasked));
        assert!(accepts(true, None, unasked));
        assert!(accepts(false, None, answered("Y\n")) && !accepts(false, None, answered("")));
        assert!(!accepts(false, None, || None), "without a terminal");
    }
}
