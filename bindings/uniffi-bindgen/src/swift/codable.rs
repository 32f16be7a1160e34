//! `Codable` for records and enumerations: JSON with the service's names. `Coding.swift` has what does not depend on the
//! type.

use std::collections::BTreeMap;
use std::fmt::Write;

use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToUpperCamelCase};
use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::{DefaultValue, Enum, Field, Literal, Record};

use crate::areas::Areas;
use crate::interface::Result;
use crate::json_support::{has_json, is_empty, is_secret_headers};
use crate::kinds::{Kind, Kinds};
use crate::wire_names::wire_name;

/// The extensions for the types of each area.
pub fn extensions(interface: &ComponentInterface, areas: &Areas) -> Result<BTreeMap<&'static str, String>> {
    let kinds = Kinds::new(interface);
    let mut found = BTreeMap::<_, String>::new();
    for (name, area) in areas.all() {
        let text = match interface.get_record_definition(name) {
            Some(record) if has_json(interface, record) => {
                self::record(record, kinds.of(name)? == Kind::Request)?
            }
            Some(_) => continue,
            None => match (kinds.of(name)?, interface.get_enum_definition(name)) {
                (Kind::OpenEnum, _) => open_enum(name)?,
                (Kind::ClosedEnum, Some(of)) => closed_enum(of)?,
                (Kind::Union | Kind::Error, Some(of)) => union(of)?,
                _ => continue,
            },
        };
        found.entry(area).or_default().push_str(&text);
    }
    Ok(found)
}

fn head(name: &str) -> String {
    format!("\nextension {}: Codable, WireValue {{\n", name.to_upper_camel_case())
}

const DECODE: &str = "    /// Decodes JSON with the service's names. Unknown ones are ignored.\n    \
                      public init(from decoder: any Decoder) throws {\n";
const ENCODE: &str = "    /// Encodes as JSON with the service's names. Absent fields are omitted, and secrets are redacted.\n    \
                      public func encode(to encoder: any Encoder) throws {\n";
const FIELDS: &str = "        let fields = try decoder.container(keyedBy: WireName.self)\n";
const NEW_FIELDS: &str = "        var fields = encoder.container(keyedBy: WireName.self)\n";

fn record(record: &Record, is_request: bool) -> Result<String> {
    let mut out = head(record.name());
    // A missing record of a response is one without values.
    if !is_request && record.fields().iter().all(|field| field.default_value().is_some()) {
        let name = record.name().to_upper_camel_case();
        write!(out, "    static var missing: {name}? {{ {name}() }}\n\n")?;
    }
    out += DECODE;
    if record.fields().is_empty() {
        out += "        _ = try decoder.container(keyedBy: WireName.self)\n";
    } else {
        out += FIELDS;
    }
    for field in record.fields() {
        let (member, name) = names(record.name(), field);
        writeln!(out, "        self.{member} = try fields.value(\"{name}\"{})", missing(field, is_request)?)?;
    }
    write!(out, "    }}\n\n{ENCODE}")?;
    if record.fields().is_empty() {
        out += "        _ = encoder.container(keyedBy: WireName.self)\n";
    } else {
        out += NEW_FIELDS;
    }
    for field in record.fields() {
        let (member, name) = names(record.name(), field);
        let secret = if is_secret_headers(record.name(), field.name()) {
            ".mapValues(SecretText.init(text:))"
        } else {
            ""
        };
        writeln!(out, "        try fields.set(\"{name}\", self.{member}{secret})")?;
    }
    Ok(out + "    }\n}\n")
}

/// The name of a field in Swift, and in JSON.
fn names<'a>(of: &str, field: &'a Field) -> (String, &'a str) {
    (field.name().to_lower_camel_case(), wire_name(of, field.name()).unwrap_or(field.name()))
}

/// The argument for the value of a missing field, if it differs from that of the type.
fn missing(field: &Field, is_request: bool) -> Result<String> {
    Ok(match field.default_value() {
        None if is_request => ", missing: nil".into(),
        Some(value) if !is_empty(value) => format!(", missing: {}", literal(value)?),
        _ => String::new(),
    })
}

fn literal(value: &DefaultValue) -> Result<String> {
    let DefaultValue::Literal(literal) = value else { return Err("a default has no literal".into()) };
    Ok(match literal {
        Literal::Boolean(value) => value.to_string(),
        Literal::String(value) => format!("{value:?}"),
        Literal::UInt(value, ..) => value.to_string(),
        Literal::Int(value, ..) => value.to_string(),
        Literal::Float(value, _) => value.clone(),
        Literal::Enum(variant, _) => format!(".{}", variant.to_lower_camel_case()),
        Literal::Some { inner } => self::literal(inner)?,
        other => return Err(format!("unsupported default: {other:?}").into()),
    })
}

fn open_enum(name: &str) -> Result<String> {
    let mut out = head(name);
    let class = name.to_upper_camel_case();
    write!(out, "    static var missing: {class}? {{ {class}(wireValue: \"\") }}\n\n")?;
    out += "    /// Decodes the text that the service uses.\n    \
            public init(from decoder: any Decoder) throws {\n        \
            self.init(wireValue: try String(from: decoder))\n    }\n\n    \
            /// Encodes the text that the service uses.\n    \
            public func encode(to encoder: any Encoder) throws {\n        \
            try wireValue.encode(to: encoder)\n    }\n}\n";
    Ok(out)
}

fn closed_enum(of: &Enum) -> Result<String> {
    let mut out = head(of.name());
    let class = of.name().to_upper_camel_case();
    let all = of.variants().iter().map(|variant| {
        format!("(\"{}\", .{})", variant.name().to_shouty_snake_case(), variant.name().to_lower_camel_case())
    });
    let all = all.collect::<Vec<_>>().join(", ");
    write!(out, "    private static let names: [(String, {class})] = [{all}]\n\n")?;
    out += "    /// Decodes the name of a case, in capital letters.\n    \
            public init(from decoder: any Decoder) throws {\n        \
            self = try closedValue(of: Self.names, from: decoder)\n    }\n\n    \
            /// Encodes the name of the case, in capital letters.\n    \
            public func encode(to encoder: any Encoder) throws {\n        \
            try writeClosed(self, of: Self.names, to: encoder)\n    }\n}\n";
    Ok(out)
}

/// The fields of a variant, and its name.
fn union(of: &Enum) -> Result<String> {
    let (mut read, mut written) = (String::new(), String::new());
    for variant in of.variants() {
        let (case, name) = (variant.name().to_lower_camel_case(), variant.name().to_upper_camel_case());
        let fields: Vec<_> = variant.fields().iter().map(|field| names(of.name(), field)).collect();
        let list = |part: &dyn Fn(&(String, &str)) -> String| match fields.is_empty() {
            true => String::new(),
            false => format!("({})", fields.iter().map(part).collect::<Vec<_>>().join(", ")),
        };
        let values = list(&|(member, name)| format!("{member}: try fields.value(\"{name}\")"));
        let bound = list(&|(member, _)| format!("let `{member}`"));
        writeln!(read, "        case \"{name}\": self = .{case}{values}")?;
        writeln!(
            written,
            "        case .{case}{bound}:\n            try fields.set(\"variant\", \"{name}\")"
        )?;
        for (member, name) in &fields {
            writeln!(written, "            try fields.set(\"{name}\", `{member}`)")?;
        }
    }
    Ok(format!(
        "{}{DECODE}{FIELDS}        switch try fields.value(\"variant\") as String {{\n{read}        \
         default: throw fields.unknownVariant\n        }}\n    }}\n\n\
         {ENCODE}{NEW_FIELDS}        switch self {{\n{written}        }}\n    }}\n}}\n",
        head(of.name())
    ))
}
