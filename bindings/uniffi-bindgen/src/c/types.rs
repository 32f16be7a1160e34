//! Types as C programs see them: as JSON.

use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::Type;

use crate::interface::Result;
use crate::kinds::{Kind, Kinds};

pub struct Types<'a> {
    pub interface: &'a ComponentInterface,
    kinds: Kinds,
}

impl<'a> Types<'a> {
    pub fn new(interface: &'a ComponentInterface) -> Self {
        Self { interface, kinds: Kinds::new(interface) }
    }

    pub fn kind(&self, name: &str) -> Result<Kind> {
        self.kinds.of(name)
    }

    /// The type of an argument, where a stored session is its text.
    pub fn argument(&self, of: &Type) -> Result<String> {
        match of {
            Type::Object { name, .. } if name == "LoginSession" => Ok("string".into()),
            of => self.json(of),
        }
    }

    /// The type of a result or a member.
    pub fn json(&self, of: &Type) -> Result<String> {
        Ok(match of {
            Type::String => "string".into(),
            Type::Boolean => "boolean".into(),
            Type::Int32 | Type::Int64 => "integer".into(),
            Type::Float64 => "number".into(),
            Type::Timestamp => "timestamp".into(),
            Type::Custom { name, .. } => custom(name)?.into(),
            Type::Optional { inner_type } | Type::Box { inner_type } => self.json(inner_type)?,
            Type::Sequence { inner_type } => format!("{}[]", self.json(inner_type)?),
            Type::Map { value_type, .. } => format!("{{string: {}}}", self.json(value_type)?),
            Type::Object { name, .. } => object(name)?.into(),
            Type::Record { name, .. } | Type::Enum { name, .. } => name.clone(),
            other => return Err(format!("a C program cannot pass {other:?} as JSON").into()),
        })
    }
}

fn custom(name: &str) -> Result<&'static str> {
    match name {
        "Json" => Ok("JSON"),
        "Timestamp" => Ok("timestamp"),
        "SecretInput" => Ok("string"),
        _ => Err(format!("unknown custom type {name}").into()),
    }
}

/// Objects of the other languages that are text in C, and the session, which is an object of its properties.
fn object(name: &str) -> Result<&'static str> {
    match name {
        "SecretText" | "LoginTransaction" => Ok("string"),
        "SecretJson" => Ok("JSON"),
        "LoginSession" => Ok("LoginSession"),
        _ => Err(format!("a C program has no object {name}").into()),
    }
}
