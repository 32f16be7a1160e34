//! Types: their names in Kotlin, and how the runtime writes and reads them.

use uniffi_bindgen::interface::{DefaultValue, Literal, Type};

use super::{Package, Result, names};
use crate::kinds::Kind;

/// The name of a type.
pub fn name(of: &Type) -> Result<String> {
    Ok(match of {
        Type::String => "String".into(),
        Type::Boolean => "Boolean".into(),
        Type::Int32 => "Int".into(),
        Type::Int64 => "Long".into(),
        Type::Float64 => "Double".into(),
        Type::Bytes => "ByteArray".into(),
        Type::Custom { name, .. } => match name.as_str() {
            "Json" => "JsonElement".into(),
            "Timestamp" => "Instant".into(),
            "SecretInput" => "String".into(),
            _ => return Err(format!("unknown custom type {name}").into()),
        },
        Type::Optional { inner_type } => format!("{}?", name(inner_type)?),
        Type::Sequence { inner_type } => format!("List<{}>", name(inner_type)?),
        Type::Map { key_type, value_type } => format!("Map<{}, {}>", name(key_type)?, name(value_type)?),
        Type::Box { inner_type } => name(inner_type)?,
        Type::Record { name, .. } | Type::Enum { name, .. } | Type::Object { name, .. } => names::class(name),
        other => return Err(format!("unsupported type {other:?}").into()),
    })
}

/// The expression for a default.
pub fn default(of: &Type, value: &DefaultValue) -> Result<String> {
    Ok(match (value, of) {
        (DefaultValue::Literal(Literal::None), _) | (DefaultValue::Default, Type::Optional { .. }) => {
            "null".into()
        }
        (DefaultValue::Literal(Literal::Boolean(value)), _) => value.to_string(),
        (DefaultValue::Literal(Literal::Int(value, ..)), Type::Int64) => format!("{value}L"),
        (DefaultValue::Literal(Literal::UInt(value, ..)), Type::Int64) => format!("{value}L"),
        (DefaultValue::Literal(Literal::Int(value, ..)), Type::Int32) => value.to_string(),
        (DefaultValue::Literal(Literal::UInt(value, ..)), Type::Int32) => value.to_string(),
        (DefaultValue::Literal(Literal::Float(value, ..)), Type::Float64) => value.clone(),
        (DefaultValue::Literal(Literal::String(value)), Type::String) if value.is_empty() => "\"\"".into(),
        (DefaultValue::Literal(Literal::EmptySequence), _)
        | (DefaultValue::Default, Type::Sequence { .. }) => "listOf()".into(),
        (DefaultValue::Literal(Literal::EmptyMap), _) | (DefaultValue::Default, Type::Map { .. }) => {
            "mapOf()".into()
        }
        (DefaultValue::Default, Type::Box { inner_type }) => default(inner_type, value)?,
        (DefaultValue::Default, Type::String) => "\"\"".into(),
        (DefaultValue::Default, Type::Boolean) => "false".into(),
        (DefaultValue::Default, Type::Record { name, .. }) => format!("{}()", names::class(name)),
        (DefaultValue::Default, Type::Custom { name, .. }) if name == "Json" => "JsonNull".into(),
        other => return Err(format!("unsupported default {other:?}").into()),
    })
}

/// A statement that writes a value into a buffer.
pub fn write(of: &Type, value: &str) -> Result<String> {
    Ok(match of {
        Type::Optional { inner_type } => format!("optional({value}) {{ {} }}", write(inner_type, "it")?),
        Type::Sequence { inner_type } => format!("list({value}) {{ {} }}", write(inner_type, "it")?),
        Type::Map { value_type, .. } => format!("map({value}) {{ {} }}", write(value_type, "it")?),
        Type::Box { inner_type } => write(inner_type, value)?,
        Type::Object { .. } => format!("handle({value}.handle)"),
        Type::Record { name, .. } | Type::Enum { name, .. } => {
            format!("write{}({value})", names::class(name))
        }
        other => format!("{}({value})", simple(other)?),
    })
}

/// An expression that reads a value of a buffer.
pub fn read(of: &Type) -> Result<String> {
    Ok(match of {
        Type::Optional { inner_type } => format!("optional {{ {} }}", read(inner_type)?),
        Type::Sequence { inner_type } => format!("list {{ {} }}", read(inner_type)?),
        Type::Map { value_type, .. } => format!("map {{ {} }}", read(value_type)?),
        Type::Box { inner_type } => read(inner_type)?,
        Type::Object { name, .. } => object(name, "long()"),
        Type::Record { name, .. } | Type::Enum { name, .. } => format!("read{}()", names::class(name)),
        other => format!("{}()", simple(other)?),
    })
}

/// The methods of the runtime's writer and reader for a simple type.
fn simple(of: &Type) -> Result<&'static str> {
    Ok(match of {
        Type::String => "string",
        Type::Boolean => "boolean",
        Type::Int32 => "int",
        Type::Int64 => "long",
        Type::Float64 => "double",
        Type::Custom { name, .. } if name == "Json" => "json",
        Type::Custom { name, .. } if name == "Timestamp" => "instant",
        Type::Custom { name, .. } if name == "SecretInput" => "string",
        other => return Err(format!("unsupported type {other:?}").into()),
    })
}

/// A statement that adds an argument to a call.
pub fn argument(name: &str, value: &str, of: &Type) -> Result<String> {
    let text = names::part(name);
    Ok(match of {
        Type::String => format!("text(\"{text}\", {value})"),
        Type::Custom { name, .. } if name == "SecretInput" => format!("text(\"{text}\", {value})"),
        Type::Custom { name, .. } if name == "Json" => format!("text(\"{text}\", {value}.toString())"),
        Type::Boolean => format!("boolean({value})"),
        Type::Int64 => format!("number({value})"),
        Type::Bytes => format!("bytes({value})"),
        Type::Object { .. } => format!("handle({value}.handle)"),
        other => format!("buffer(\"{text}\") {{ {} }}", write(other, value)?),
    })
}

/// Whether a value can be one that has no UTF-8, or contain `null`, so that an error has to name it.
pub fn can_be_invalid(package: &Package<'_>, of: &Type) -> Result<bool> {
    Ok(match of {
        Type::String | Type::Sequence { .. } | Type::Map { .. } => true,
        Type::Custom { name, .. } => name != "Timestamp",
        Type::Enum { name, .. } => package.kinds.of(name)? == Kind::OpenEnum,
        Type::Optional { inner_type } | Type::Box { inner_type } => can_be_invalid(package, inner_type)?,
        _ => false,
    })
}

/// An expression that creates an object from the address of one in the native library.
pub fn object(name: &str, address: &str) -> String {
    format!("{}({address})", names::creator(&names::class(name)))
}

/// How a call returns its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    Nothing,
    /// The address of an object.
    Address,
    Number,
    Boolean,
    Buffer,
}

pub fn returned(of: Option<&Type>) -> Returned {
    match of {
        None => Returned::Nothing,
        Some(Type::Object { .. }) => Returned::Address,
        Some(Type::Int64) => Returned::Number,
        Some(Type::Boolean) => Returned::Boolean,
        Some(_) => Returned::Buffer,
    }
}

/// An expression that converts what a call returns.
pub fn result(of: Option<&Type>, call: String) -> Result<String> {
    Ok(match of {
        Some(Type::Object { name, .. }) => object(name, &call),
        Some(Type::String) => format!("{call}.text()"),
        Some(Type::Custom { name, .. }) if name == "Json" => format!("jsonOf({call}.text())"),
        Some(other) if returned(of) == Returned::Buffer => format!("{call}.read {{ {} }}", read(other)?),
        _ => call,
    })
}
