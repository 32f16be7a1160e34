//! Macros that declare data models: responses, request parameters, updates and open enumerations.

mod builders;
mod open_enum;
mod records;

pub(crate) use builders::{builders, setters};
pub(crate) use open_enum::open_enum;
pub(crate) use records::{ToUpdate, int64_text, model_reader, requests, responses, unraw, updates};
