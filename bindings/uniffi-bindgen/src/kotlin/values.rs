//! The internal file of an area: how its values are read and written, and the native functions of its classes.

use std::collections::BTreeSet;

use uniffi_bindgen::interface::{AsType, Callable, Enum, Field, Object, Record, Type};

use super::{Package, Result, codecs, functions, names, objects, types};
use crate::areas::follow;
use crate::kinds::Kind;

pub fn of(package: &Package<'_>, area: &str) -> Result<Vec<String>> {
    let (written, read) = (written(package), read(package));
    let mut texts = Vec::new();
    for (name, _) in package.areas.all().filter(|(_, of)| *of == area) {
        if package.kinds.of(name)? == Kind::Object {
            let object = package.interface.get_object_definition(name).ok_or("no such object")?;
            texts.push(creator(package, object));
            texts.push(self::object(object)?);
            continue;
        }
        if read.contains(name) {
            texts.push(reader(package, name)?);
        }
        if written.contains(name) {
            texts.push(writer(package, name)?);
        }
        if let Some(record) = package.interface.get_record_definition(name) {
            texts.extend(record_functions(record)?);
        }
        texts.extend(codecs::of(package, name)?);
    }
    Ok(texts)
}

/// The types of arguments, and the records that have methods.
fn written(package: &Package<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for callable in package.interface.iter_callables() {
        callable
            .arguments()
            .iter()
            .flat_map(|a| a.iter_types())
            .for_each(|of| follow_fields(package, of, &mut found));
    }
    for record in package.interface.record_definitions().iter().filter(|record| !record.methods().is_empty())
    {
        let own = Type::Record { module_path: String::new(), name: record.name().to_owned() };
        follow_fields(package, &own, &mut found);
    }
    found
}

/// The types of results.
fn read(package: &Package<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let records = package.interface.record_definitions().iter().flat_map(|record| record.methods());
    let callables = package.interface.iter_callables().chain(records.map(|method| method as &dyn Callable));
    for callable in callables {
        let types = callable.return_type().into_iter().chain(callable.throws_type());
        types.flat_map(Type::iter_types).for_each(|of| follow_fields(package, of, &mut found));
    }
    found
}

/// Adds the records and enumerations of a type and of its fields.
fn follow_fields(package: &Package<'_>, of: &Type, found: &mut BTreeSet<String>) {
    match of {
        Type::Record { name, .. } if !found.contains(name) => {
            found.insert(name.clone());
            let Some(record) = package.interface.get_record_definition(name) else { return };
            record
                .fields()
                .iter()
                .flat_map(|f| f.iter_types())
                .for_each(|of| follow_fields(package, of, found));
        }
        Type::Enum { .. } => follow(package.interface, of, found),
        Type::Box { inner_type } => follow_fields(package, inner_type, found),
        _ => {}
    }
}

/// The function that creates an object from an address.
fn creator(package: &Package<'_>, object: &Object) -> String {
    let (class, handle) = (names::class(object.name()), objects::handle(package, object));
    let (creator, functions) = (names::creator(&class), names::functions(&class));
    format!("internal fun {creator}(address: Long) = {class}({handle}({functions}.type, address))\n")
}

/// The native functions of an object.
fn object(object: &Object) -> Result<String> {
    let name = names::class(object.name());
    let clone = object.ffi_object_clone().name();
    let native =
        clone.strip_prefix("uniffi_scalekit_fn_clone_").ok_or_else(|| format!("unknown function {clone}"))?;
    let mut text = format!(
        "internal object {} {{\n    @JvmField\n    val type = HandleType(\"{native}\")\n",
        names::functions(&name)
    );
    for constructor in object.constructors() {
        text += &functions::declaration(
            constructor.name(),
            constructor.ffi_func(),
            Some(constructor.checksum()),
        )?;
    }
    for method in object.methods() {
        text += &functions::declaration(method.name(), method.ffi_func(), Some(method.checksum()))?;
    }
    let traits = object.uniffi_trait_methods();
    if let Some(method) = traits.display_fmt.or(traits.debug_fmt) {
        text += &functions::declaration("print", method.ffi_func(), None)?;
    }
    if let Some(method) = traits.eq_eq {
        text += &functions::declaration("equal", method.ffi_func(), None)?;
    }
    Ok(text + "}\n")
}

fn record_functions(record: &Record) -> Result<Option<String>> {
    if record.methods().is_empty() {
        return Ok(None);
    }
    let mut text = format!("internal object {} {{\n", names::functions(&names::class(record.name())));
    for method in record.methods() {
        text += &functions::declaration(method.name(), method.ffi_func(), Some(method.checksum()))?;
    }
    Ok(Some(text + "}\n"))
}

/// The function that reads a record or an enumeration.
pub fn reader(package: &Package<'_>, name: &str) -> Result<String> {
    let class = names::class(name);
    if let Some(record) = package.interface.get_record_definition(name) {
        let fields = named_values(record.fields(), "    ")?;
        return Ok(format!("internal fun Reader.read{class}() = {class}(\n{fields})\n"));
    }
    let of = package.interface.get_enum_definition(name).ok_or_else(|| format!("unknown type {name}"))?;
    let kind = package.kinds.of(name)?;
    let mut text = format!("internal fun Reader.read{class}(): {class} = when (int()) {{\n");
    for (at, variant) in of.variants().iter().enumerate() {
        let value = match kind {
            Kind::ClosedEnum => names::constant(variant.name()),
            Kind::Error if variant.name() == "InvalidArgument" => {
                format!("{}(inKotlin(readFailure()))", names::variant(variant.name()))
            }
            _ if variant.fields().is_empty() => names::variant(variant.name()),
            _ => {
                let values = variant.fields().iter().map(|field| types::read(&field.as_type()));
                format!(
                    "{}({})",
                    names::variant(variant.name()),
                    values.collect::<Result<Vec<_>>>()?.join(", ")
                )
            }
        };
        text += &format!("    {} -> {class}.{value}\n", at + 1);
    }
    Ok(text + &format!("    else -> throw unknown(\"{class}\")\n}}\n"))
}

fn named_values(fields: &[Field], margin: &str) -> Result<String> {
    let one = |field: &Field| {
        Ok(format!("{margin}{} = {},\n", names::member(field.name()), types::read(&field.as_type())?))
    };
    fields.iter().map(one).collect()
}

/// The function that writes a record or an enumeration.
fn writer(package: &Package<'_>, name: &str) -> Result<String> {
    let class = names::class(name);
    if let Some(record) = package.interface.get_record_definition(name) {
        let mut text = format!("internal fun Writer.write{class}(value: {class}) {{\n");
        for field in record.fields() {
            let of = field.as_type();
            let written = types::write(&of, &format!("value.{}", names::member(field.name())))?;
            if types::can_be_invalid(package, &of)? {
                text += &format!("    name = \"{}\"\n", names::part(field.name()));
            }
            text += &format!("    {written}\n");
        }
        return Ok(text + "}\n");
    }
    let of = package.interface.get_enum_definition(name).ok_or_else(|| format!("unknown type {name}"))?;
    match package.kinds.of(name)? {
        Kind::ClosedEnum => {
            Ok(format!("internal fun Writer.write{class}(value: {class}) = int(value.ordinal + 1)\n"))
        }
        Kind::OpenEnum => open_writer(of, &class),
        _ => Err(format!("{name} is an argument").into()),
    }
}

fn open_writer(of: &Enum, class: &str) -> Result<String> {
    let mut text = format!("internal fun Writer.write{class}(value: {class}) = when (value) {{\n");
    for (at, variant) in of.variants().iter().enumerate() {
        let (number, name) = (at + 1, names::variant(variant.name()));
        text += &if variant.fields().is_empty() {
            format!("    {class}.{name} -> int({number})\n")
        } else {
            format!(
                "    is {class}.{name} -> {{\n        int({number})\n        string(value.value)\n    }}\n"
            )
        };
    }
    Ok(text + "}\n")
}
