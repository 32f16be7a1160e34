//! The resources: one file an area, models first, then the table of its operations.

pub mod clients;
pub mod connections;
pub mod directories;
pub mod domains;
pub mod organizations;
pub mod passwordless;
