//! What the generator cannot know about Swift.

use crate::edit::Edited;

/// Finishes the generated module.
pub fn finish(text: String) -> Edited {
    Ok(text)
}
