//! Which records can be written as JSON, in the languages whose packages do so.

use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::{DefaultValue, Literal, Record, Type};

/// The objects that can be read from text. The runtimes write and read them.
const FROM_TEXT: [&str; 4] = ["LoginSession", "LoginTransaction", "SecretJson", "SecretText"];

/// Whether a record can be written as JSON: not if it contains an object that only the native library can read.
pub fn has_json(interface: &ComponentInterface, record: &Record) -> bool {
    record.fields().iter().flat_map(|field| field.iter_types()).all(|of| match of {
        Type::Object { name, .. } => FROM_TEXT.contains(&name.as_str()),
        Type::Record { name, .. } if name != record.name() => {
            interface.get_record_definition(name).is_none_or(|inner| has_json(interface, inner))
        }
        _ => true,
    })
}

/// Whether a default is the value that a missing field has in any case.
pub fn is_empty(value: &DefaultValue) -> bool {
    match value {
        DefaultValue::Default => true,
        DefaultValue::Literal(literal) => match literal {
            Literal::None | Literal::EmptySequence | Literal::EmptyMap | Literal::Boolean(false) => true,
            Literal::String(text) => text.is_empty(),
            _ => false,
        },
    }
}

/// Whether a field contains headers that the caller adds, some of which authenticate to a proxy.
pub fn is_secret_headers(record: &str, field: &str) -> bool {
    record.ends_with("Options") && field == "headers"
}
