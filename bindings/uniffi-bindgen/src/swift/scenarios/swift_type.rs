//! Types as Swift code, and defaults as JSON.

use std::error::Error;

use heck::ToUpperCamelCase;
use uniffi_bindgen::interface::{DefaultValue, Literal, Type};

/// Returns the type as written in the finished sources.
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
        other => return Err(format!("unsupported type: {other:?}").into()),
    })
}

/// Returns the JSON for an argument or field that a scenario omits, as a Swift expression.
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
        other => return Err(format!("unsupported default: {other:?}").into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_types_are_written_as_swift() {
        let text = || Box::new(Type::String);
        let many = Type::Sequence { inner_type: text() };
        let map = Type::Map { key_type: text(), value_type: Box::new(many) };
        assert_eq!(swift_type(&Type::Optional { inner_type: Box::new(map) }).unwrap(), "[String: [String]]?");
        assert!(swift_type(&Type::UInt64).is_err());
    }

    #[test]
    fn omitted_values_become_their_default() {
        assert_eq!(absent(None).unwrap(), ".null");
        assert_eq!(absent(Some(&DefaultValue::Default)).unwrap(), ".null");
        let text = DefaultValue::Literal(Literal::String("a\"b".into()));
        assert_eq!(absent(Some(&text)).unwrap(), r#".string("a\"b")"#);
    }
}
