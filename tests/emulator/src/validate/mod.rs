//! The rules for queries and bodies, as tables.
//!
//! An operation declares its fields with the functions of [`rule`]; [`query`] and [`body`]
//! hold a request against them and report every field that breaks a rule.

mod check;
mod rule;
pub(crate) mod shape;
mod value;

pub(crate) use check::{Query, body, no_body, query};
pub(crate) use rule::{
    Field, Rule, flag, free_object, integer, list, object, one_of, output_only, text, text_map, text_shaped,
};
