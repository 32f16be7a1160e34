//! The resources: one file an area, models first, then the table of its operations.

pub mod connections;
pub mod domains;
pub mod organizations;
