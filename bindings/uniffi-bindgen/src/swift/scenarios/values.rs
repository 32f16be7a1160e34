//! Conversion of records and enumerations from and to JSON.

use std::error::Error;
use std::fmt::Write;

use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToUpperCamelCase};
use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::{AsType, Enum, Record};

use super::opaque::OpaqueTypes;
use super::swift_type::{absent, swift_type};
use crate::swift::text::quoted;

type Done = Result<(), Box<dyn Error>>;

pub fn write(out: &mut String, interface: &ComponentInterface, opaque: &OpaqueTypes) -> Done {
    for record in interface.record_definitions().iter().filter(|record| !opaque.contains(record.name())) {
        write_record(out, record)?;
    }
    for found in interface.enum_definitions().iter().filter(|found| !opaque.contains(found.name())) {
        // Hand-written code compares errors, by their case and their `failure`.
        if !interface.is_name_used_as_error(found.name()) {
            write_enum(out, found)?;
        }
    }
    Ok(())
}

fn write_record(out: &mut String, record: &Record) -> Done {
    let name = record.name().to_upper_camel_case();
    let names: Vec<_> = record.fields().iter().map(|field| format!("{:?}", field.name())).collect();
    writeln!(out, "\nextension {name}: ScenarioValue {{")?;
    writeln!(out, "    init(scenario json: JSONValue) throws {{")?;
    writeln!(out, "        let fields = try Fields(json, of: \"{name}\", [{}])", names.join(", "))?;
    let mut arguments = Vec::new();
    for field in record.fields() {
        let (label, of) = (field.name().to_lower_camel_case(), swift_type(&field.as_type())?);
        let (local, absent) = (quoted(&label), absent(field.default_value())?);
        writeln!(out, "        let {local}: {of} = try fields.value({:?}, absent: {absent})", field.name())?;
        arguments.push(format!("{label}: {local}"));
    }
    writeln!(out, "        self.init({})\n    }}\n", arguments.join(", "))?;
    writeln!(out, "    var actualValue: ActualValue {{\n        var fields: [String: ActualValue] = [:]")?;
    for field in record.fields() {
        writeln!(
            out,
            "        fields[{:?}] = self.{}.actualValue",
            field.name(),
            field.name().to_lower_camel_case()
        )?;
    }
    writeln!(out, "        return .object(fields)\n    }}\n}}")?;
    Ok(())
}

fn write_enum(out: &mut String, found: &Enum) -> Done {
    let name = found.name().to_upper_camel_case();
    let (data, plain): (Vec<_>, Vec<_>) = found.variants().iter().partition(|variant| variant.has_fields());
    match data.as_slice() {
        [] => {
            let names: Vec<_> = plain
                .iter()
                .map(|v| {
                    format!("(\"{}\", .{})", v.name().to_shouty_snake_case(), v.name().to_lower_camel_case())
                })
                .collect();
            writeln!(out, "\nextension {name}: ClosedScenarioValue {{")?;
            writeln!(out, "    static let names: [(String, {name})] = [{}]\n}}", names.join(", "))?;
        }
        [only] if only.name() == "Unrecognized" => {
            writeln!(out, "\nextension {name}: OpenScenarioValue {{}}")?;
        }
        _ => return Err(format!("unsupported enumeration: {name}").into()),
    }
    Ok(())
}
