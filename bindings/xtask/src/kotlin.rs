//! Kotlin: to be written.

use std::error::Error;
use std::path::PathBuf;

use crate::shell::{Done, Shell};

pub fn test(_: &Shell) -> Done {
    Err("not written yet".into())
}

pub fn check(_: &Shell) -> Done {
    Err("not written yet".into())
}

pub fn listing(_: &Shell) -> Result<String, Box<dyn Error>> {
    Err("not written yet".into())
}

pub fn jar(_: &Shell) -> Result<PathBuf, Box<dyn Error>> {
    Err("not written yet".into())
}
