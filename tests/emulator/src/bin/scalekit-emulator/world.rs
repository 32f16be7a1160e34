//! The objects that exist when the emulator starts: a file, or one of the built-in worlds.

use std::fs;
use std::io;
use std::path::Path;

use clap::ValueEnum;
use serde_json::Value;

/// A built-in world.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum World {
    // Not a doc comment, with which the help of all options would become three times as long.
    Demo,
}

impl World {
    pub fn seed(self) -> io::Result<Value> {
        match self {
            World::Demo => parse_yaml(include_str!("../../../worlds/demo.yaml")).map_err(io::Error::other),
        }
    }
}

/// Reads a seed from a YAML file, or from a JSON file if its name does not end with `.yaml` or `.yml`.
pub fn read(path: &Path) -> io::Result<Value> {
    let fail = |error: &dyn std::fmt::Display| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("{}: {error}", path.display()))
    };
    let text = fs::read_to_string(path).map_err(|error| fail(&error))?;
    let is_yaml = path.extension().is_some_and(|own| own == "yaml" || own == "yml");
    if is_yaml {
        return parse_yaml(&text).map_err(|error| fail(&error));
    }
    serde_json::from_str(&text).map_err(|error| fail(&error))
}

fn parse_yaml(text: &str) -> Result<Value, yaml_serde::Error> {
    let value: Value = yaml_serde::from_str(text)?;
    // An empty file, or one with only comments.
    Ok(if value.is_null() { Value::Object(serde_json::Map::new()) } else { value })
}
