//! Data classes for records.

use askama::Template;
use uniffi_bindgen::interface::{AsType, Record, Type};

use super::functions::{self, Call};
use super::objects::{Member, parameters, property};
use super::{Package, Result, docs, names, types};
use crate::json_support::{has_json, is_secret_headers};
use crate::kinds::Kind;

/// The records in an error. An exception of Java can be serialized.
const SERIALIZED: [&str; 2] = ["Failure", "FieldViolation"];

struct Field {
    docs: String,
    name: String,
    kind: String,
    default: Option<String>,
}

#[derive(Template)]
#[template(path = "kotlin/record.kt", escape = "none")]
struct Class {
    docs: String,
    visibility: &'static str,
    name: String,
    overloads: bool,
    fields: Vec<Field>,
    supertypes: String,
    /// Whether it is written as JSON, and read.
    has_json: bool,
    members: Vec<String>,
}

pub fn class(package: &Package<'_>, record: &Record, visibility: &'static str) -> Result<String> {
    let mut fields = Vec::new();
    for field in record.fields() {
        let of = field.as_type();
        fields.push(Field {
            docs: package.docs.comment(field.docstring(), 4),
            name: names::member(field.name()),
            kind: types::name(&of)?,
            default: field.default_value().map(|default| types::default(&of, default)).transpose()?,
        });
    }
    let name = names::class(record.name());
    let is_request = package.kinds.of(record.name())? == Kind::Request;
    let mut members = Vec::new();
    if fields.iter().any(|field| is_secret_headers(&name, &field.name)) {
        members.push(to_string(&name, &fields));
    }
    if is_request {
        members.extend(fields.iter().filter(|field| field.default.is_some()).map(|field| with(&name, field)));
    }
    members.extend(methods(package, record)?);
    let has_json = visibility.is_empty() && has_json(package.interface, record);
    let class = Class {
        docs: package.docs.comment(record.docstring(), 0),
        visibility,
        overloads: is_request && fields.iter().any(|field| field.default.is_some()),
        fields,
        supertypes: supertypes(record, has_json),
        has_json,
        members,
        name,
    };
    Ok(class.render()?)
}

fn supertypes(record: &Record, has_json: bool) -> String {
    let record_type = has_json.then_some("ScalekitRecord()");
    let serializable = SERIALIZED.contains(&record.name()).then_some("java.io.Serializable");
    let all: Vec<&str> = record_type.into_iter().chain(serializable).collect();
    if all.is_empty() { String::new() } else { format!(" : {}", all.join(", ")) }
}

/// Options print header names but not values, which may be credentials, such as the key of a gateway.
fn to_string(name: &str, fields: &[Field]) -> String {
    let shown = fields.iter().map(|field| match field.name.as_str() {
        "headers" => "headers=${headers.keys}".to_owned(),
        name => format!("{name}=${name}"),
    });
    let shown: Vec<String> = shown.collect();
    let lines: Vec<String> = shown.chunks(3).map(|shown| format!("\"{}", shown.join(", "))).collect();
    let text = lines.join(", \" +\n            ").replacen('"', &format!("\"{name}("), 1);
    format!("    override fun toString(): String =\n        {text})\"\n")
}

/// A copy with another value of an optional field.
fn with(class: &str, Field { name, kind, .. }: &Field) -> String {
    let bare = name.trim_matches('`');
    let (first, rest) = bare.split_at(1);
    let docs = docs::plain(
        &format!("Returns a copy with the given `{bare}`. For Java, which has no named arguments."),
        4,
    );
    let member = Member {
        docs,
        annotations: String::new(),
        declaration: format!("fun with{}{rest}", first.to_uppercase()),
        parameters: vec![format!("{name}: {kind}")],
        kind: Some(class.to_owned()),
        body: format!("copy({name} = {name})"),
        indent: 4,
    };
    member.text()
}

/// Methods of the core, which take the record as an argument.
fn methods(package: &Package<'_>, record: &Record) -> Result<Vec<String>> {
    let name = names::class(record.name());
    let own = Type::Record { module_path: String::new(), name: record.name().to_owned() };
    let mut texts = Vec::new();
    for method in record.methods() {
        let function = format!("{}.{}", names::functions(&name), names::member(method.name()));
        let call = Call { function, receiver: "", own: Some(own.clone()), callable: method };
        let call = functions::call(&call)?;
        let docs = package.docs.comment(method.docstring(), 4);
        if let Some(property) = property(method, &docs, &call)? {
            texts.push(property);
            continue;
        }
        let member = Member {
            docs,
            annotations: if method.throws() {
                "@Throws(ScalekitException::class)\n".into()
            } else {
                String::new()
            },
            declaration: format!("fun {}", names::member(method.name())),
            parameters: parameters(method)?,
            kind: method.return_type().map(types::name).transpose()?,
            body: call,
            indent: 4,
        };
        texts.push(member.text());
    }
    Ok(texts)
}
