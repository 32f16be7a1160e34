//! Validation of queries and bodies, with rules in tables.
//!
//! An operation declares its fields with the functions of [`rule`]. [`query`] and [`body`] validate a request and report
//! every field that violates a rule.

mod check;
mod names;
mod rule;
pub(crate) mod shape;
mod value;

pub(crate) use check::{Query, body, no_body, query};
pub(crate) use rule::{
    Field, Rule, any_object, count, enumeration, fields, flag, integer, join, list, object, one_of,
    output_only, text, text_map, text_shaped, time,
};
