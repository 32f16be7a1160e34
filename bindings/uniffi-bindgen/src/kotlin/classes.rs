//! The public declarations of a file, in the order in which a reader needs them.

use uniffi_bindgen::interface::Function;

use super::functions::{self, Call};
use super::objects::{Member, parameters};
use super::{
    FUNCTIONS_OF_RUNTIME, Package, RECORD_OF_RUNTIME, Result, enums, names, objects, records, types, values,
};
use crate::kinds::Kind;

/// The object that has the native functions without a class.
const FUNCTIONS: &str = "ScalekitFunctions";

/// The classes of an area: resources first, then pagers, models and enumerations.
pub fn of(package: &Package<'_>, area: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (name, _) in package.areas.all().filter(|(_, of)| *of == area) {
        found.push((package.kinds.rank(name)?, class(package, name)?));
    }
    found.sort_by(|(left, _), (right, _)| left.cmp(right));
    let mut texts: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
    if area == "client" {
        for function in public_functions(package) {
            texts.push(self::function(package, function, "")?);
        }
    }
    Ok(texts)
}

/// What the runtime needs of the core.
pub fn of_runtime(package: &Package<'_>) -> Result<Vec<String>> {
    let record =
        package.interface.get_record_definition(RECORD_OF_RUNTIME).ok_or("no record of the runtime")?;
    let mut texts = vec![records::class(package, record, "internal ")?];
    texts.push(values::reader(package, RECORD_OF_RUNTIME)?);
    let mut declarations = String::new();
    for function in functions_of_runtime(package) {
        texts.push(self::function(package, function, "internal ")?);
        declarations +=
            &functions::declaration(function.name(), function.ffi_func(), Some(function.checksum()))?;
    }
    for function in public_functions(package) {
        declarations +=
            &functions::declaration(function.name(), function.ffi_func(), Some(function.checksum()))?;
    }
    texts.push(format!("internal object {FUNCTIONS} {{\n{declarations}}}\n"));
    let contract = package.interface.uniffi_contract_version();
    let docs = "/** UniFFI's version of the interface between the library and what calls it. */";
    texts.push(format!("{docs}\ninternal const val CONTRACT = {contract}\n"));
    Ok(texts)
}

fn public_functions<'a>(package: &'a Package<'_>) -> impl Iterator<Item = &'a Function> {
    package.interface.function_definitions().iter().filter(|function| !super::is_internal(function.name()))
}

fn functions_of_runtime<'a>(package: &'a Package<'_>) -> impl Iterator<Item = &'a Function> {
    package
        .interface
        .function_definitions()
        .iter()
        .filter(|function| FUNCTIONS_OF_RUNTIME.contains(&function.name()))
}

fn function(package: &Package<'_>, function: &Function, visibility: &str) -> Result<String> {
    let native = format!("{FUNCTIONS}.{}", names::member(function.name()));
    let call = functions::call(&Call { function: native, receiver: "", own: None, callable: function })?;
    let member = Member {
        docs: package.docs.comment(function.docstring(), 0),
        annotations: if function.throws() {
            "@Throws(ScalekitException::class)\n".into()
        } else {
            String::new()
        },
        declaration: format!("{visibility}fun {}", names::member(function.name())),
        parameters: parameters(function)?,
        kind: function.return_type().map(types::name).transpose()?,
        body: call,
        indent: 0,
    };
    Ok(member.text())
}

fn class(package: &Package<'_>, name: &str) -> Result<String> {
    let of_enum = || package.interface.get_enum_definition(name).ok_or("no such enumeration");
    match package.kinds.of(name)? {
        Kind::Response | Kind::Request => records::class(
            package,
            package.interface.get_record_definition(name).ok_or("no such record")?,
            "",
        ),
        Kind::OpenEnum => enums::open(package, of_enum()?),
        Kind::ClosedEnum => enums::closed(package, of_enum()?),
        Kind::Union => enums::union(package, of_enum()?),
        Kind::Error => enums::error(package, of_enum()?),
        Kind::Object => {
            objects::class(package, package.interface.get_object_definition(name).ok_or("no such object")?)
        }
    }
}
