//! Types and defaults as Swift and JSON write them.

use std::error::Error;

use heck::ToUpperCamelCase;
use uniffi_bindgen::interface::{DefaultValue, Literal, Type};

/// The type as the finished sources have it.
pub fn swift_type(of: &Type) -> Result<String, Box<dyn Error>> {
    Ok(match of {
        Type::Int32 => "Int32".into(),
        Type::Int64 => "Int64".into(),
        Type::Float64 => "Double".into(),
        Type::Boolean => "Bool".into(),
        Type::String => "String".into(),
        Type::Timestamp => "Date".into(),
        Type::Record { name, .. } | Type::Enum { name, .. } | Type::Object { name, .. } => {
            name.to_upper_camel_case()
        }
        // As in `values`.
        Type::Custom { name, .. } if name == "Json" => "JSONValue".into(),
        Type::Custom { name, .. } if name == "Timestamp" => "Date".into(),
        Type::Optional { inner_type } => format!("{}?", swift_type(inner_type)?),
        Type::Sequence { inner_type } => format!("[{}]", swift_type(inner_type)?),
        Type::Map { key_type, value_type } => {
            format!("[{}: {}]", swift_type(key_type)?, swift_type(value_type)?)
        }
        other => return Err(format!("a type that the runner does not know: {other:?}").into()),
    })
}

/// The JSON, as a Swift expression, that stands for what a scenario leaves out.
pub fn absent(default: Option<&DefaultValue>) -> Result<String, Box<dyn Error>> {
    let Some(DefaultValue::Literal(literal)) = default else { return Ok(".null".into()) };
    Ok(match literal {
        Literal::Boolean(value) => format!(".bool({value})"),
        Literal::String(value) => format!(".string({value:?})"),
        Literal::UInt(value, ..) => format!(".integer({value})"),
        Literal::Int(value, ..) => format!(".integer({value})"),
        Literal::Float(value, _) => format!(".number({value})"),
        Literal::EmptySequence | Literal::EmptyMap | Literal::EmptySet | Literal::None => ".null".into(),
        Literal::Some { inner } => absent(Some(inner))?,
        other => return Err(format!("a default that the runner does not know: {other:?}").into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_within_types() {
        let text = || Box::new(Type::String);
        let many = Type::Sequence { inner_type: text() };
        let map = Type::Map { key_type: text(), value_type: Box::new(many) };
        assert_eq!(swift_type(&Type::Optional { inner_type: Box::new(map) }).unwrap(), "[String: [String]]?");
        assert!(swift_type(&Type::UInt64).is_err());
    }

    #[test]
    fn what_is_left_out() {
        assert_eq!(absent(None).unwrap(), ".null");
        assert_eq!(absent(Some(&DefaultValue::Default)).unwrap(), ".null");
        let text = DefaultValue::Literal(Literal::String("a\"b".into()));
        assert_eq!(absent(Some(&text)).unwrap(), r#".string("a\"b")"#);
    }
}
