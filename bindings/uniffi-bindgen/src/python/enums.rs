//! Enumerations: open, closed, and tagged unions.

use askama::Template;
use heck::{ToShoutySnakeCase, ToUpperCamelCase};
use uniffi_bindgen::interface::{Enum, Variant};

use super::docs::Docs;
use super::records::Field;
use super::{Package, Result};

struct Value {
    name: String,
    wire: String,
    docs: String,
}

#[derive(Template)]
#[template(path = "python/open_enum.py", escape = "none")]
struct OpenEnum<'a> {
    name: &'a str,
    docs: String,
    values: Vec<Value>,
}

pub fn open(of: &Enum) -> Result<String> {
    let known = of.variants().iter().filter(|variant| variant.name() != "Unrecognized");
    let values = known.map(value).collect::<Result<_>>()?;
    Ok(OpenEnum { name: of.name(), docs: Docs::new(of.docstring()).docstring(4), values }.render()?)
}

/// A known value. If its wire text differs from its name in the core only in underscores and case, the wire text is the
/// name: `OAUTH` for `OAuth`.
fn value(variant: &Variant) -> Result<Value> {
    // The core's macro ends the documentation with a line `Wire value:` and the value.
    let markdown = variant.docstring().unwrap_or_default();
    let (text, wire) = markdown
        .split_once("Wire value:")
        .ok_or_else(|| format!("{} has no wire value in its documentation", variant.name()))?;
    let wire = wire.trim().to_owned();
    let (name, wire_name) = (variant.name().to_shouty_snake_case(), wire.to_ascii_uppercase());
    let same = wire_name.replace('_', "") == name.replace('_', "");
    let docs = Docs::new(Some(&format!("{} Wire value: `{wire}`.", text.trim()))).docstring(4);
    Ok(Value { name: if same { wire_name } else { name }, docs, wire })
}

#[derive(Template)]
#[template(path = "python/closed_enum.py", escape = "none")]
struct ClosedEnum<'a> {
    name: &'a str,
    docs: String,
    values: Vec<(String, String)>,
}

pub fn closed(of: &Enum) -> Result<String> {
    let values = of
        .variants()
        .iter()
        .map(|variant| (variant.name().to_shouty_snake_case(), Docs::new(variant.docstring()).docstring(4)));
    let (docs, values) = (Docs::new(of.docstring()).docstring(4), values.collect());
    Ok(ClosedEnum { name: of.name(), docs, values }.render()?)
}

/// A variant of a tagged union.
pub struct UnionVariant {
    pub name: String,
    pub docs: String,
    pub fields: Vec<Field>,
}

pub fn variants(package: &Package<'_>, of: &Enum) -> Result<Vec<UnionVariant>> {
    let one = |variant: &Variant| {
        let fields = variant.fields().iter().enumerate();
        // The first element of the row is the number of the variant.
        let fields = fields.map(|(at, field)| Field::new(package, of.name(), field, at + 1));
        Ok(UnionVariant {
            name: variant.name().to_upper_camel_case(),
            docs: Docs::new(variant.docstring()).docstring(8),
            fields: fields.collect::<Result<_>>()?,
        })
    };
    of.variants().iter().map(one).collect()
}
