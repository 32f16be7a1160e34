//! The codecs of records and tagged unions: how they are written as JSON with the service's names, and read.

use uniffi_bindgen::interface::{AsType, Enum, Field, Record, Type};

use super::functions::WIDTH;
use super::{Package, Result, names, types};
use crate::json_support::{has_json, is_empty, is_secret_headers};
use crate::kinds::Kind;
use crate::wire_names::wire_name;

/// The codec of a type, if it has one of its own.
pub fn of(package: &Package<'_>, name: &str) -> Result<Option<String>> {
    if let Some(record) = package.interface.get_record_definition(name) {
        let is_public = !super::is_internal(name) && has_json(package.interface, record);
        return is_public.then(|| self::record(package, record)).transpose();
    }
    match package.interface.get_enum_definition(name) {
        Some(of) if package.kinds.of(name)? == Kind::Union => Ok(Some(union(package, of)?)),
        _ => Ok(None),
    }
}

fn record(package: &Package<'_>, record: &Record) -> Result<String> {
    let class = names::class(record.name());
    let is_request = package.kinds.of(record.name())? == Kind::Request;
    let fields = record.fields().iter().map(|field| self::field(package, record.name(), field, is_request));
    let fields = wrapped(&fields.collect::<Result<Vec<_>>>()?, 8);
    let values = record.fields().iter().map(|field| format!("value.{}", names::member(field.name())));
    let values = wrapped(&values.collect::<Vec<_>>(), 8);
    let created = wrapped(&next(record.fields())?, 8);
    Ok(format!(
        "internal object {} : RecordCodec<{class}>() {{\n    \
         override fun fields(): Array<Field> = arrayOf(\n{fields}    )\n\n    \
         override fun values(value: {class}): Array<Any?> = arrayOf(\n{values}    )\n\n    \
         override fun create(values: Values) = {class}(\n{created}    )\n}}\n",
        names::codec(&class)
    ))
}

fn union(package: &Package<'_>, of: &Enum) -> Result<String> {
    let class = names::class(of.name());
    let (mut fields, mut variants, mut values, mut created) =
        (String::new(), String::new(), String::new(), String::new());
    for variant in of.variants() {
        let name = names::variant(variant.name());
        let all = variant.fields().iter().map(|field| field_of(package, of.name(), field, ""));
        let own = variant.fields().iter().map(|field| format!("value.{}", names::member(field.name())));
        let (all, own) = (all.collect::<Result<Vec<_>>>()?.join(", "), own.collect::<Vec<_>>().join(", "));
        fields += &format!("        \"{name}\" -> arrayOf({all})\n");
        variants += &format!("        is {class}.{name} -> \"{name}\"\n");
        values += &format!("        is {class}.{name} -> arrayOf({own})\n");
        created += &format!("        \"{name}\" -> {class}.{name}({})\n", next(variant.fields())?.join(", "));
    }
    Ok(format!(
        "internal object {} : UnionCodec<{class}>() {{\n    \
         override fun variant(value: {class}): String = when (value) {{\n{variants}    }}\n\n    \
         override fun fields(variant: String): Array<Field>? = when (variant) {{\n{fields}        else -> null\n    }}\n\n    \
         override fun values(value: {class}): Array<Any?> = when (value) {{\n{values}    }}\n\n    \
         override fun create(variant: String, values: Values): {class}? = when (variant) {{\n{created}        \
         else -> null\n    }}\n}}\n",
        names::codec(&class)
    ))
}

/// Arguments of a constructor, read in order. The types of objects are stated, since a function with the name of the class
/// may take text in their place.
fn next(fields: &[Field]) -> Result<Vec<String>> {
    let one = |field: &Field| {
        let (name, of) = (names::member(field.name()), field.as_type());
        let has_object = of.iter_types().any(|of| matches!(of, Type::Object { .. }));
        let kind = if has_object { format!("<{}>", types::name(&of)?) } else { String::new() };
        Ok(format!("{name} = values.next{kind}()"))
    };
    fields.iter().map(one).collect()
}

fn field(package: &Package<'_>, record: &str, field: &Field, is_request: bool) -> Result<String> {
    let suffix = match field.default_value() {
        None if is_request => ", isRequired = true".into(),
        // The value of a missing field is else that of its codec: empty.
        Some(value) if !is_empty(value) => {
            format!(", default = {}", types::default(&field.as_type(), value)?)
        }
        _ => String::new(),
    };
    field_of(package, record, field, &suffix)
}

fn field_of(package: &Package<'_>, record: &str, field: &Field, suffix: &str) -> Result<String> {
    let name = wire_name(record, field.name()).unwrap_or(field.name());
    let codec = match is_secret_headers(record, field.name()) {
        true => "MapCodec(HeaderCodec)".into(),
        false => self::codec(package, &field.as_type())?,
    };
    Ok(format!("Field(\"{name}\", {codec}{suffix})"))
}

/// An expression for the codec of a type.
fn codec(package: &Package<'_>, of: &Type) -> Result<String> {
    Ok(match of {
        Type::String => "TextCodec".into(),
        Type::Boolean => "BooleanCodec".into(),
        Type::Int32 => "IntCodec".into(),
        Type::Int64 => "LongCodec".into(),
        Type::Float64 => "DoubleCodec".into(),
        Type::Custom { name, .. } if name == "Json" => "JsonCodec".into(),
        Type::Custom { name, .. } if name == "Timestamp" => "InstantCodec".into(),
        Type::Optional { inner_type } => format!("OptionalCodec({})", codec(package, inner_type)?),
        Type::Sequence { inner_type } => format!("ListCodec({})", codec(package, inner_type)?),
        Type::Map { value_type, .. } => format!("MapCodec({})", codec(package, value_type)?),
        Type::Box { inner_type } => codec(package, inner_type)?,
        Type::Object { name, .. } | Type::Record { name, .. } => names::codec(&names::class(name)),
        Type::Enum { name, .. } => match package.kinds.of(name)? {
            Kind::OpenEnum => format!("OpenEnumCodec({})", names::class(name)),
            Kind::ClosedEnum => format!("EnumCodec({}::class.java)", names::class(name)),
            _ => names::codec(&names::class(name)),
        },
        other => return Err(format!("{other:?} has no codec").into()),
    })
}

/// Items in lines of the usual width.
fn wrapped(items: &[String], indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if line.len() + item.len() + ", ,".len() <= WIDTH => *line += &format!(" {item},"),
            _ => lines.push(format!("{margin}{item},")),
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_wrapped_at_the_width() {
        let items = vec!["x".repeat(50); 3];
        let text = wrapped(&items, 8);
        let (two, one) = (format!("        {0}, {0},\n", items[0]), format!("        {},\n", items[0]));
        assert_eq!(text, two + &one);
    }
}
