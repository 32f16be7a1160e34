//! Macros that declare data models: responses, request parameters, updates and open enumerations.

mod open_enum;
mod records;

pub(crate) use open_enum::open_enum;
pub(crate) use records::{ToUpdate, model_reader, requests, responses, unraw, updates};
