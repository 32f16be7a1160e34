//! The objects that exist when the emulator starts: a file, or one of the built-in worlds.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

/// The built-in worlds: name, content, and a YAML file.
const WORLDS: &[(&str, &str, &str)] = &[
    ("empty", "No objects, as without --world", ""),
    (
        "demo",
        "Three organizations, two of them with SSO, a directory of 50 users, four users with roles, an M2M client",
        include_str!("../../../worlds/demo.yaml"),
    ),
    (
        "sso",
        "SSO connections in every state, domains, and an identity provider that approves, denies, and signs up",
        include_str!("../../../worlds/sso.yaml"),
    ),
    (
        "large",
        "501 organizations, 5,000 users, and a directory of 10,000 users: for paging",
        include_str!("../../../worlds/large.yaml"),
    ),
    (
        "agents",
        "Connected accounts in every state, and MCP configurations with their tools",
        include_str!("../../../worlds/agents.yaml"),
    ),
];

/// Instead of a world: prints the list of them.
const HELP: &str = "help";

/// The value of `--world`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {
    /// The seed of the world, in YAML.
    Seed(&'static str),
    Help,
}

impl World {
    /// Finds a world by its name.
    pub fn parse(name: &str) -> Result<World, String> {
        if name == HELP {
            return Ok(World::Help);
        }
        let world = WORLDS.iter().find(|(own, ..)| *own == name);
        world.map(|(.., seed)| World::Seed(seed)).ok_or_else(|| {
            let names: Vec<&str> = WORLDS.iter().map(|(name, ..)| *name).collect();
            format!("there is no such world. Use one of: {}. --world help describes them.", names.join(", "))
        })
    }

    /// The seed, or none for the help.
    pub fn seed(self) -> io::Result<Option<Value>> {
        match self {
            World::Seed(yaml) => parse_yaml(yaml).map(Some).map_err(io::Error::other),
            World::Help => Ok(None),
        }
    }
}

/// The list of the worlds.
pub fn list() -> String {
    let lines = WORLDS.iter().map(|(name, content, _)| format!("{name:8}{content}\n"));
    lines.collect()
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
