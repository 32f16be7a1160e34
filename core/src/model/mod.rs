//! Data models: the macros that declare responses, request parameters and open enumerations.

mod open_enum;
mod records;

pub(crate) use open_enum::open_enum;
pub(crate) use records::{Kept, answers, bare, int64_text, nested, requests, write_back};
