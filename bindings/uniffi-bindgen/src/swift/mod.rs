//! Edits that make the generated Swift idiomatic. Each step matches a pattern, never the name of an operation or a
//! model, so that operations added to the core need no change here.

mod accessors;
mod caller;
mod cancel;
mod docs;
mod enums;
mod errors;
mod labels;
mod options;
mod pagers;
pub mod scenarios;
mod surface;
mod text;
mod values;

use crate::edit::Edited;

/// Finishes the generated module.
pub fn finish(text: String) -> Edited {
    let steps = [
        cancel::finish,
        caller::finish,
        errors::finish,
        enums::finish,
        values::finish,
        accessors::finish,
        labels::finish,
        pagers::finish,
        options::finish,
        surface::finish,
        docs::finish,
    ];
    steps.into_iter().try_fold(text, |text, step| step(text))
}
