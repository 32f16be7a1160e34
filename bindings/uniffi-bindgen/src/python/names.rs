//! The modules that list names: `__init__`, the table of where each class is, and the error class for type checkers.

use std::collections::BTreeSet;

use askama::Template;
use uniffi_bindgen::interface::{Enum, Variant};

use super::classes::{self, Class};
use super::docs::Docs;
use super::enums::{self, UnionVariant};
use super::is_internal;
use super::{Package, Result, words};
use crate::interface::FUNCTIONS_FOR_SWIFT;

#[derive(Template)]
#[template(path = "python/__init__.py", escape = "none")]
struct Init;

#[derive(Template)]
#[template(path = "python/__init__.pyi", escape = "none")]
struct InitStub {
    modules: Vec<(String, Vec<String>)>,
    names: Vec<String>,
}

#[derive(Template)]
#[template(path = "python/_names.py", escape = "none")]
struct Names {
    modules: Vec<(String, Vec<String>)>,
    contract: u32,
    version: &'static str,
    checksums: Vec<(String, u16)>,
}

#[derive(Template)]
#[template(path = "python/_scalekit_error.py", escape = "none")]
struct ErrorClass {
    docs: String,
    variants: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "python/_scalekit_error.pyi", escape = "none")]
struct ErrorStub {
    docs: String,
    stubs: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "python/_webhook_data.py", escape = "none")]
struct Data {
    name: &'static str,
    docs: String,
    variants: Vec<UnionVariant>,
}

#[derive(Template)]
#[template(path = "python/_webhook_data.pyi", escape = "none")]
struct DataStub {
    name: &'static str,
    docs: String,
    variants: Vec<UnionVariant>,
    imports: BTreeSet<String>,
}

/// Classes that have a module of their own, because type checkers read a stub of them.
const REEXPORTS: &[(&str, &str, &str)] =
    &[("errors", "_scalekit_error", "ScalekitError"), ("webhook_events", "_webhook_data", "WebhookData")];

/// The classes of an area that have a module of their own.
pub fn reexports(area: &str) -> Vec<(&'static str, &'static str)> {
    REEXPORTS.iter().filter(|(of, ..)| *of == area).map(|(_, module, name)| (*module, *name)).collect()
}

/// The modules, by file name.
pub fn modules(package: &Package<'_>) -> Result<Vec<(&'static str, String)>> {
    let modules = by_area(package);
    let mut names: Vec<_> = modules.iter().flat_map(|(_, names)| names.clone()).collect();
    names.extend(["Json", "Timestamp"].map(str::to_owned));
    names.sort();
    let contract = package.interface.uniffi_contract_version();
    let mut files = vec![
        ("__init__.py", Init.render()?),
        ("__init__.pyi", InitStub { modules: modules.clone(), names }.render()?),
        (
            "_names.py",
            Names { modules, contract, version: env!("CARGO_PKG_VERSION"), checksums: checksums(package) }
                .render()?,
        ),
    ];
    files.extend(error(package)?);
    files.extend(data(package)?);
    Ok(files)
}

/// The checksums of the functions that the runtime calls.
fn checksums(package: &Package<'_>) -> Vec<(String, u16)> {
    let functions = package.interface.function_definitions().iter();
    let functions = functions
        .filter(|function| is_internal(function.name()) && !FUNCTIONS_FOR_SWIFT.contains(&function.name()));
    let mut found: Vec<_> =
        functions.map(|function| (format!("func_{}", function.name()), function.checksum())).collect();
    for object in package.interface.object_definitions().iter().filter(|object| is_internal(object.name())) {
        let class = object.name().to_lowercase();
        let constructors = object.constructors().into_iter();
        found.extend(constructors.map(|c| (format!("constructor_{class}_{}", c.name()), c.checksum())));
        found.extend(
            object.methods().into_iter().map(|m| (format!("method_{class}_{}", m.name()), m.checksum())),
        );
    }
    found
}

fn by_area(package: &Package<'_>) -> Vec<(String, Vec<String>)> {
    let of_area = |area: &'static str| {
        let classes = package.areas.all().filter(|(_, of)| *of == area).map(|(name, _)| name.to_owned());
        let mut names: Vec<_> = classes.collect();
        if area == "client" {
            let functions = package.interface.function_definitions().iter().map(|f| f.name());
            names.extend(functions.filter(|name| !is_internal(name)).map(str::to_owned));
        }
        (area.to_owned(), names)
    };
    package.areas.names().map(of_area).collect()
}

fn definition<'a>(package: &Package<'a>, name: &str) -> Result<&'a Enum> {
    package.interface.get_enum_definition(name).ok_or_else(|| format!("no {name}").into())
}

fn error(package: &Package<'_>) -> Result<[(&'static str, String); 2]> {
    let error = definition(package, "ScalekitError")?;
    if let Some(unknown) = error.variants().iter().find(|variant| !words::is_error(variant.name())) {
        return Err(format!("the names of errors in documentation lack {}", unknown.name()).into());
    }
    let docs = Docs::new(error.docstring()).docstring(4);
    let one = |variant: &Variant| (variant.name().to_owned(), Docs::new(variant.docstring()).docstring(8));
    let variants: Vec<_> = error.variants().iter().map(one).collect();
    let stubs = variants.clone();
    Ok([
        ("_scalekit_error.py", ErrorClass { docs: docs.clone(), variants }.render()?),
        ("_scalekit_error.pyi", ErrorStub { docs, stubs }.render()?),
    ])
}

fn data(package: &Package<'_>) -> Result<[(&'static str, String); 2]> {
    let name = "WebhookData";
    let union = definition(package, name)?;
    let docs = Docs::new(union.docstring()).docstring(4);
    let fields = enums::variants(package, union)?.into_iter().flat_map(|variant| variant.fields);
    let imports = fields.map(|field| field.annotation).filter(|of| package.areas.of(of).is_some()).collect();
    let variants = || enums::variants(package, union);
    Ok([
        ("_webhook_data.py", Data { name, docs: docs.clone(), variants: variants()? }.render()?),
        ("_webhook_data.pyi", DataStub { name, docs, variants: variants()?, imports }.render()?),
    ])
}

/// What modules import from the runtime.
const RUNTIME: &[&str] = &[
    "AsyncCall",
    "AsyncClient",
    "AsyncPager",
    "BlockingCall",
    "Client",
    "ClosedEnum",
    "Constructor",
    "EventCall",
    "Function",
    "Object",
    "OpenEnum",
    "Page",
    "Pager",
    "Request",
    "Response",
    "Secret",
    "as_dict",
    "as_list",
    "as_record",
    "as_records",
    "copied",
    "member",
    "overload",
    "public",
    "request_of",
    "time",
    "view",
    "views",
];

/// What annotations import.
const TYPING: &[(&str, &[&str])] = &[
    ("collections.abc", &["AsyncIterator", "Iterator", "Mapping", "Sequence"]),
    ("datetime", &["datetime"]),
    ("typing", &["Any", "ClassVar", "List"]),
    ("._runtime.headers", &["Headers"]),
];

/// The names of these lists that the classes use.
pub fn needed(classes: &[Class]) -> (Vec<&'static str>, Vec<(&'static str, String)>) {
    let text = classes::text(classes);
    let used = |names: &&'static [&'static str]| -> Vec<&'static str> {
        names.iter().copied().filter(|name| super::mentions(&text, name)).collect()
    };
    let typing = TYPING.iter().map(|(module, names)| (*module, used(names).join(", ")));
    (used(&RUNTIME), typing.filter(|(_, names)| !names.is_empty()).collect())
}
