//! Edits generated text, and fails if the text is not the one that the edit was written for.

use std::error::Error;
use std::path::Path;

/// The edited text, or the reason why the edit does not apply.
pub type Edited = Result<String, Box<dyn Error>>;

/// Edits a file in place.
pub fn file(path: &Path, edit: impl Fn(String) -> Edited) -> Result<(), Box<dyn Error>> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let text = edit(text).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(std::fs::write(path, text)?)
}

/// Replaces `from`, which must occur exactly `times` times.
pub fn replace(text: String, times: usize, from: &str, to: &str) -> Edited {
    match text.matches(from).count() {
        found if found == times => Ok(text.replace(from, to)),
        found => Err(format!("expected {times} times, found {found}: {from}").into()),
    }
}
