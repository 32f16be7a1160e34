//! Enumerations: open, closed, tagged unions, and the error.

use askama::Template;
use uniffi_bindgen::interface::{AsType, Enum, Variant};

use super::{Package, Result, names, types};

/// The variant that only open enumerations have.
const UNKNOWN: &str = "Unrecognized";

struct Value {
    docs: String,
    name: String,
    wire: String,
}

#[derive(Template)]
#[template(path = "kotlin/open_enum.kt", escape = "none")]
struct OpenEnum {
    docs: String,
    name: String,
    values: Vec<Value>,
}

/// A sealed class, whose known values are objects. The wire values are those that the documentation states.
pub fn open(package: &Package<'_>, of: &Enum) -> Result<String> {
    let known = of.variants().iter().filter(|variant| variant.name() != UNKNOWN);
    let values = known.map(|variant| {
        let markdown = variant.docstring().unwrap_or_default();
        let wire = markdown.split_once("Wire value:").map(|(_, wire)| wire.trim().to_owned());
        Ok(Value {
            docs: package.docs.comment(variant.docstring(), 4),
            name: names::variant(variant.name()),
            wire: wire.ok_or_else(|| format!("{} has no wire value in its documentation", variant.name()))?,
        })
    });
    let (docs, name) = (package.docs.comment(of.docstring(), 0), names::class(of.name()));
    Ok(OpenEnum { docs, name, values: values.collect::<Result<_>>()? }.render()?)
}

#[derive(Template)]
#[template(path = "kotlin/closed_enum.kt", escape = "none")]
struct ClosedEnum {
    docs: String,
    name: String,
    /// Documentation and name.
    values: Vec<(String, String)>,
}

pub fn closed(package: &Package<'_>, of: &Enum) -> Result<String> {
    let values = of.variants().iter();
    let values =
        values.map(|v| (package.docs.comment(v.docstring(), 4), names::constant(v.name()))).collect();
    let (docs, name) = (package.docs.comment(of.docstring(), 0), names::class(of.name()));
    Ok(ClosedEnum { docs, name, values }.render()?)
}

struct UnionVariant {
    docs: String,
    name: String,
    /// Documentation, name and type.
    fields: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "kotlin/union.kt", escape = "none")]
struct Union {
    docs: String,
    name: String,
    variants: Vec<UnionVariant>,
}

pub fn union(package: &Package<'_>, of: &Enum) -> Result<String> {
    let variants =
        of.variants().iter().map(|variant| union_variant(package, variant)).collect::<Result<_>>()?;
    let (docs, name) = (package.docs.comment(of.docstring(), 0), names::class(of.name()));
    Ok(Union { docs, name, variants }.render()?)
}

fn union_variant(package: &Package<'_>, variant: &Variant) -> Result<UnionVariant> {
    let fields = variant.fields().iter().map(|field| {
        let docs = package.docs.comment(field.docstring(), 8);
        Ok((docs, names::member(field.name()), types::name(&field.as_type())?))
    });
    Ok(UnionVariant {
        docs: package.docs.comment(variant.docstring(), 4),
        name: names::variant(variant.name()),
        fields: fields.collect::<Result<_>>()?,
    })
}

#[derive(Template)]
#[template(path = "kotlin/error.kt", escape = "none")]
struct ErrorClass {
    docs: String,
    name: String,
    /// Documentation and name.
    variants: Vec<(String, String)>,
}

/// The exception, whose subclasses have the details alone.
pub fn error(package: &Package<'_>, of: &Enum) -> Result<String> {
    for variant in of.variants() {
        let fields: Vec<&str> = variant.fields().iter().map(|field| field.name()).collect();
        if fields != ["failure"] {
            return Err(format!("{}.{} has the fields {fields:?}", of.name(), variant.name()).into());
        }
    }
    let variants = of.variants().iter();
    let variants =
        variants.map(|v| (package.docs.comment(v.docstring(), 4), names::variant(v.name()))).collect();
    let (docs, name) = (package.docs.comment(of.docstring(), 0), names::class(of.name()));
    Ok(ErrorClass { docs, name, variants }.render()?)
}
