//! Editing generated text, and noticing when it is not the text that an edit was written for.

use std::error::Error;
use std::path::Path;

/// What an edit gives, or why it does not fit.
pub type Edited = Result<String, Box<dyn Error>>;

/// Rewrites a file.
pub fn file(path: &Path, finish: impl Fn(String) -> Edited) -> Result<(), Box<dyn Error>> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let text = finish(text).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(std::fs::write(path, text)?)
}

/// Replaces `from`, which must occur exactly `times` times.
pub fn replace(text: String, times: usize, from: &str, to: &str) -> Edited {
    match text.matches(from).count() {
        found if found == times => Ok(text.replace(from, to)),
        found => Err(format!("expected {times} times, found {found}: {from}").into()),
    }
}
