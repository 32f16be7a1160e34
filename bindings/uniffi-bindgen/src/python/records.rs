//! Records: requests, which are mutable, and responses, which are views of rows.

use askama::Template;
use uniffi_bindgen::interface::{AsType, DefaultValue, Record, Type};

use super::classes::Class;
use super::docs::Docs;
use super::types::Kind;
use super::{Package, Result, functions, objects, pages};
use crate::json_support::is_secret_headers;

/// A field of a record.
pub struct Field {
    pub name: String,
    /// Its type when it is read from a response, when it is passed, and that of a request's attribute.
    pub annotation: String,
    pub input: String,
    pub attribute: String,
    /// Its name and shape, for the runtime, and its name in the service's JSON if that differs.
    pub spec: String,
    /// The default of its parameter, and the expression that sets the attribute. A default must not be mutable, so an
    /// absent list is `None`.
    pub default: Option<String>,
    pub init: String,
    /// The expression that converts its element of the row.
    pub read: String,
    pub docs: Docs,
}

impl Field {
    pub fn new(
        package: &Package<'_>,
        record: &str,
        field: &uniffi_bindgen::interface::Field,
        at: usize,
    ) -> Result<Self> {
        let of = field.as_type();
        let wire = crate::wire_names::wire_name(record, field.name());
        let name = wire.map_or_else(|| field.name().to_owned(), |wire| format!("{}={wire}", field.name()));
        let default = field.default_value().map(|value| default(&of, value)).transpose()?;
        let input = package.types.input(&of)?;
        let init = init(package, record, field, default.is_some())?;
        let shape = match is_secret_headers(record, field.name()) {
            true => "OptionHeaders".into(),
            false => package.types.shape(&of)?,
        };
        Ok(Self {
            name: field.name().to_owned(),
            annotation: package.types.annotation(&of)?,
            attribute: package.types.attribute(&of)?,
            input,
            spec: format!("{name} {shape}"),
            default,
            init,
            read: read(package, record, &of, at)?,
            docs: Docs::new(field.docstring()),
        })
    }

    /// The annotation of a keyword argument that may be omitted.
    pub fn optional_input(&self) -> String {
        if self.input.ends_with("| None") { self.input.clone() } else { format!("{} | None", self.input) }
    }

    /// The field as a keyword parameter.
    pub fn keyword(&self) -> String {
        match &self.default {
            Some(default) if default == "None" => format!("{}: {} = None", self.name, self.optional_input()),
            Some(default) => format!("{}: {} = {default}", self.name, self.input),
            None => format!("{}: {}", self.name, self.input),
        }
    }

    /// The docstring of an attribute or property.
    pub fn docstring(&self, indent: usize) -> String {
        self.docs.docstring(indent)
    }
}

/// The expression that sets an attribute of a request. Secrets and dictionaries that stand for records are converted, and
/// containers are copied. A parameter whose default must not be mutable is `None`.
fn init(
    package: &Package<'_>,
    record: &str,
    field: &uniffi_bindgen::interface::Field,
    has_default: bool,
) -> Result<String> {
    let (name, of) = (field.name(), field.as_type());
    let (is_optional, bare) = match &of {
        Type::Optional { inner_type } => (true, &**inner_type),
        of => (false, of),
    };
    let converted = match bare {
        Type::Object { name: class, .. } if class == "SecretText" => {
            return Ok(if has_default {
                format!("None if {name} is None else self._secret(\"{name}\", {name})")
            } else {
                format!("self._secret(\"{name}\", {name})")
            });
        }
        Type::Record { name: class, .. } => {
            format!("as_record(\"{class}\", {name})")
        }
        Type::Sequence { inner_type } => match &**inner_type {
            Type::Record { name: class, .. } => {
                format!("as_records(\"{class}\", {name})")
            }
            _ => format!("as_list({name})"),
        },
        Type::Map { .. } => format!("as_dict({name})"),
        _ => return Ok(name.to_owned()),
    };
    Ok(match bare {
        _ if is_optional || !has_default => converted,
        Type::Sequence { .. } => format!("[] if {name} is None else {converted}"),
        Type::Map { .. } => format!("{{}} if {name} is None else {converted}"),
        Type::Record { name: class, .. } => {
            format!("{}() if {name} is None else {converted}", package.expression(class, record))
        }
        _ => converted,
    })
}

/// The default of a parameter.
fn default(of: &Type, value: &DefaultValue) -> Result<String> {
    Ok(match value {
        DefaultValue::Literal(_) => objects::literal(value)?,
        DefaultValue::Default => match of {
            Type::Boolean => "False".into(),
            Type::String => "\"\"".into(),
            Type::Int32 | Type::Int64 => "0".into(),
            Type::Float64 => "0.0".into(),
            _ => "None".into(),
        },
    })
}

/// The expression that converts element `at` of a row. Types of other modules are found by the runtime, so that a module
/// does not load those of all types that it mentions.
fn read(package: &Package<'_>, record: &str, of: &Type, at: usize) -> Result<String> {
    let row = format!("self._row[{at}]");
    let here =
        |name: &str| package.areas.of(name).is_some() && package.areas.of(name) == package.areas.of(record);
    // A list or dictionary of text is flat.
    let is_flat = matches!(of, Type::Sequence { inner_type } if **inner_type == Type::String)
        || matches!(of, Type::Map { value_type, .. } if **value_type == Type::String);
    let of = if let Type::Optional { inner_type } = of { inner_type } else { of };
    Ok(match of {
        _ if is_flat => format!("{row}.copy()"),
        Type::String | Type::Boolean | Type::Int32 | Type::Int64 | Type::Float64 | Type::Object { .. } => row,
        Type::Custom { name, .. } if name == "Timestamp" => format!("time({row})"),
        Type::Custom { name, .. } if name == "Json" => format!("copied({row})"),
        Type::Record { name, .. } if here(name) && package.types.kind(name)? == Kind::Response => {
            format!("view({name}, {row})")
        }
        Type::Enum { name, .. } if here(name) && package.types.kind(name)? == Kind::OpenEnum => {
            format!("member({name}, {row})")
        }
        Type::Sequence { inner_type } => match &**inner_type {
            Type::String => format!("copied({row})"),
            Type::Record { name, .. } if here(name) && package.types.kind(name)? == Kind::Response => {
                format!("views({name}, {row})")
            }
            _ => format!("self._read({at})"),
        },
        Type::Map { value_type, .. } if **value_type == Type::String => format!("copied({row})"),
        _ => format!("self._read({at})"),
    })
}

pub fn fields(package: &Package<'_>, record: &Record) -> Result<Vec<Field>> {
    let fields = record.fields().iter().enumerate();
    fields.map(|(at, field)| Field::new(package, record.name(), field, at)).collect()
}

#[derive(Template)]
#[template(path = "python/response.py", escape = "none")]
struct Response<'a> {
    name: &'a str,
    docs: String,
    fields: Vec<Field>,
    methods: Vec<String>,
    /// The field with the items, and their class, if this is a page.
    items: Option<(String, String)>,
}

pub fn response(package: &Package<'_>, record: &Record) -> Result<Class> {
    let fields = fields(package, record)?;
    let (methods, functions) = methods(package, record)?;
    let items = pages::items(package, record)?;
    let docs = documentation(record, &fields);
    Ok(Class { text: Response { name: record.name(), docs, fields, methods, items }.render()?, functions })
}

#[derive(Template)]
#[template(path = "python/request.py", escape = "none")]
struct Request<'a> {
    name: &'a str,
    docs: String,
    /// In the order of the row.
    specs: Vec<String>,
    /// Required fields first, since Python requires that of parameters.
    fields: Vec<Field>,
    methods: Vec<String>,
}

pub fn request(package: &Package<'_>, record: &Record) -> Result<Class> {
    let mut fields = fields(package, record)?;
    let (methods, functions) = methods(package, record)?;
    let docs = documentation(record, &fields);
    let specs = fields.iter().map(|field| field.spec.clone()).collect();
    fields.sort_by_key(|field| field.default.is_some());
    Ok(Class { text: Request { name: record.name(), docs, specs, fields, methods }.render()?, functions })
}

fn methods(package: &Package<'_>, record: &Record) -> Result<(Vec<String>, Vec<String>)> {
    let (mut texts, mut constants) = (Vec::new(), Vec::new());
    for method in record.methods() {
        texts.push(objects::method(package, record.name(), method)?);
        constants.push(functions::method(package, record.name(), method, false)?);
    }
    Ok((texts, constants))
}

/// The documentation of a class, with that of its fields, which `help()` shows.
fn documentation(record: &Record, fields: &[Field]) -> String {
    let mut docs = Docs::new(record.docstring());
    if !fields.is_empty() {
        let items = fields.iter().map(|field| (field.name.clone(), field.docs.description()));
        docs.add_section("Attributes:", items.collect());
    }
    docs.docstring(4)
}
