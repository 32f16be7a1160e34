//! Objects of the native library: clients, resources, pagers, verifiers and sessions. Also methods of records.

use askama::Template;
use uniffi_bindgen::interface::{Argument, AsType, Callable, Constructor, Method, Object, Type};

use super::classes::Class;
use super::docs::Docs;
use super::records::{self, Field};
use super::types::Kind;
use super::{Package, Result, functions, pages};
use crate::interface::methods;

#[derive(Template)]
#[template(path = "python/object.py", escape = "none")]
struct Template_<'a> {
    name: &'a str,
    base: &'static str,
    docs: String,
    free: String,
    clone: String,
    equal: Option<String>,
    item: Option<String>,
    is_async: bool,
    members: Vec<String>,
}

pub fn class(package: &Package<'_>, object: &Object) -> Result<Class> {
    let name = object.name();
    let mut class = Class { text: String::new(), functions: Vec::new() };
    let mut members = Vec::new();
    for constructor in object.constructors() {
        class.functions.push(functions::constructor(package, name, constructor)?);
        members.push(self::constructor(package, object, constructor)?);
    }
    for method in methods(object) {
        let blocking = functions::blocks(package, object, method);
        class.functions.push(functions::method(package, name, method, blocking)?);
        let is_accessor = is_client(name) && is_accessor(package, method)?;
        members.push(if is_accessor {
            accessor(name, method)?
        } else {
            self::method(package, name, method)?
        });
    }
    let traits = object.uniffi_trait_methods();
    if let Some(equal) = &traits.eq_eq {
        class.functions.push(functions::method(package, name, equal, false)?);
    }
    let item = crate::interface::item(object);
    let template = Template_ {
        name,
        base: base(name),
        docs: Docs::new(object.docstring()).docstring(4),
        free: object.ffi_object_free().name().to_owned(),
        clone: object.ffi_object_clone().name().to_owned(),
        equal: traits.eq_eq.as_ref().map(|method| functions::name(name, method.name())),
        item: item.map(|of| package.types.annotation(&of)).transpose()?,
        is_async: name.starts_with("Async"),
        members,
    };
    class.text = builtin_list(template.render()?);
    Ok(class)
}

/// Inside a class with a method `list`, that name is the method, so annotations need another one.
fn builtin_list(text: String) -> String {
    if text.contains(" def list(") { text.replace("list[", "List[") } else { text }
}

fn is_client(name: &str) -> bool {
    name.ends_with("ScalekitClient")
}

/// The handwritten base class.
fn base(name: &str) -> &'static str {
    match name {
        _ if is_client(name) && name.starts_with("Async") => "AsyncClient",
        _ if is_client(name) => "Client",
        _ if name.ends_with("Pager") && name.starts_with("Async") => "AsyncPager",
        _ if name.ends_with("Pager") => "Pager",
        "SecretText" | "SecretJson" => "Secret",
        _ => "Object",
    }
}

/// Whether a method returns a resource.
fn is_accessor(package: &Package<'_>, method: &Method) -> Result<bool> {
    match method.return_type() {
        Some(Type::Object { name, .. }) => {
            Ok(method.arguments().is_empty() && package.types.kind(name)? == Kind::Object && !is_client(name))
        }
        _ => Ok(false),
    }
}

fn accessor(class: &str, method: &Method) -> Result<String> {
    let Some(Type::Object { name, .. }) = method.return_type() else { return Err("not an accessor".into()) };
    let docs = Docs::new(method.docstring()).docstring(8);
    Ok(format!(
        "    @property\n    def {}(self) -> {name}:\n{docs}        return self._resource({})\n",
        method.name(),
        functions::name(class, method.name())
    ))
}

/// A parameter of a method.
struct Parameter {
    name: String,
    annotation: String,
    default: Option<String>,
    /// Whether `None` stands for an empty dictionary, since a default must not be mutable.
    is_absent_map: bool,
}

impl Parameter {
    fn new(package: &Package<'_>, argument: &Argument) -> Result<Self> {
        let of = argument.as_type();
        let annotation = match (argument.name(), package.types.input(&of)?) {
            ("headers", input) if input.starts_with("Mapping") => "Headers".into(),
            (_, input) => input,
        };
        let default = argument.default_value().map(literal).transpose()?;
        // An absent list is empty.
        let default =
            default.map(|text| if matches!(of, Type::Sequence { .. }) { "()".into() } else { text });
        let is_absent_map = default.is_some() && matches!(of, Type::Map { .. });
        let annotation = if is_absent_map { format!("{annotation} | None") } else { annotation };
        Ok(Self { name: argument.name().to_owned(), annotation, default, is_absent_map })
    }

    fn text(&self) -> String {
        match &self.default {
            Some(default) => format!("{}: {} = {default}", self.name, self.annotation),
            None => format!("{}: {}", self.name, self.annotation),
        }
    }
}

pub fn literal(default: &uniffi_bindgen::interface::DefaultValue) -> Result<String> {
    use uniffi_bindgen::interface::{DefaultValue, Literal};
    Ok(match default {
        DefaultValue::Default | DefaultValue::Literal(Literal::None) => "None".into(),
        DefaultValue::Literal(Literal::Boolean(value)) => if *value { "True" } else { "False" }.into(),
        DefaultValue::Literal(Literal::Int(value, ..)) => value.to_string(),
        DefaultValue::Literal(Literal::UInt(value, ..)) => value.to_string(),
        DefaultValue::Literal(Literal::Float(value, ..)) => value.clone(),
        other => return Err(format!("unsupported default {other:?}").into()),
    })
}

#[derive(Template)]
#[template(path = "python/method.py", escape = "none")]
struct MethodText {
    name: String,
    is_async: bool,
    is_property: bool,
    decorator: Option<&'static str>,
    /// `self` or `cls`.
    receiver: &'static str,
    overloads: Vec<Vec<String>>,
    parameters: Vec<String>,
    returns: String,
    docs: Docs,
    body: Vec<String>,
}

/// A request record that a method takes, whose fields are also keywords of the method.
struct RequestArgument {
    parameter: String,
    class: String,
    is_optional: bool,
    /// Whether the core takes `None`; otherwise an omitted record is one without fields.
    is_none: bool,
    fields: Vec<Field>,
}

impl RequestArgument {
    /// Whether another parameter has the name of a field. `update_by_external_id(external_id, …)`: only the record can
    /// change the external ID.
    fn is_hidden(&self, parameters: &[Parameter], field: &Field) -> bool {
        parameters.iter().any(|parameter| parameter.name == field.name && parameter.name != self.parameter)
    }
}

fn request_argument(package: &Package<'_>, callable: &dyn Callable) -> Result<Option<RequestArgument>> {
    let mut found = None;
    for argument in callable.arguments() {
        let is_optional = argument.default_value().is_some();
        let (of, is_none) = match argument.as_type() {
            Type::Optional { inner_type } => (*inner_type, true),
            of => (of, false),
        };
        let Type::Record { name, .. } = &of else { continue };
        let record = package.interface.get_record_definition(name).ok_or("no such record")?;
        let fields = records::fields(package, record)?;
        if found.is_some() {
            return Err(format!("{} takes two records", callable.ffi_func().name()).into());
        }
        let (parameter, class) = (argument.name().to_owned(), name.clone());
        found = Some(RequestArgument { parameter, class, is_optional, is_none, fields });
    }
    Ok(found)
}

/// A method of an object or a record.
pub fn method(package: &Package<'_>, class: &str, method: &Method) -> Result<String> {
    let constant = functions::name(class, method.name());
    let mut text = callable(package, class, method, &constant, "self")?;
    text.name = method.name().to_owned();
    text.is_property = is_property(package, class, method);
    pages::continue_pages(package, class, method, &mut text.body);
    let returns_client =
        matches!(method.return_type(), Some(Type::Object { name, .. }) if name == class && is_client(name));
    if let (true, Some(last)) = (returns_client, text.body.last_mut()) {
        *last = format!("return self._copied({})", last.trim_start_matches("return "));
    }
    Ok(text.render()?)
}

/// A function of the package.
pub fn function(package: &Package<'_>, function: &uniffi_bindgen::interface::Function) -> Result<String> {
    let mut text = callable(package, "ScalekitClient", function, &format!("_{}", function.name()), "")?;
    text.name = function.name().to_owned();
    // A method is indented, a function is not.
    let rendered = text.render()?;
    let lines = rendered.lines().map(|line| line.strip_prefix("    ").unwrap_or(line));
    Ok(lines.collect::<Vec<_>>().join("\n").replace("(, ", "(") + "\n")
}

fn constructor(package: &Package<'_>, object: &Object, constructor: &Constructor) -> Result<String> {
    let constant = functions::name(object.name(), constructor.name());
    let is_primary = constructor.name() == "new";
    if is_client(object.name()) && is_primary {
        return client_constructor(package, object, constructor);
    }
    let mut text =
        callable(package, object.name(), constructor, &constant, if is_primary { "self" } else { "cls" })?;
    if is_primary {
        (text.name, text.returns) = ("__init__".into(), "None".into());
        if let Some(last) = text.body.last_mut() {
            *last = last.replace("return ", "self._handle = ").replace("(self, ", "(");
        }
    } else {
        (text.name, text.returns) = (constructor.name().to_owned(), object.name().to_owned());
        text.decorator = Some("classmethod");
        if let Some(last) = text.body.last_mut() {
            let call = last.replace("return ", "").replace("(cls, ", "(").replace("(cls)", "()");
            *last = if is_client(object.name()) {
                format!("return cls._from_env({constant}, options, fields)")
            } else {
                format!("return cls._of_handle({call})")
            };
        }
        if is_client(object.name()) {
            text.body.drain(..text.body.len() - 1);
            add_strict_async(object.name(), &mut text);
        }
    }
    Ok(text.render()?)
}

/// The constructor of a client reads what is omitted from the environment.
fn client_constructor(package: &Package<'_>, object: &Object, constructor: &Constructor) -> Result<String> {
    let mut text = callable(package, object.name(), constructor, "", "self")?;
    text.name = "__init__".into();
    text.returns = "None".into();
    let from_env = object.constructors().iter().any(|c| c.name() == "from_env");
    let names: Vec<_> = constructor.arguments().iter().map(|a| a.name().to_owned()).collect();
    let arguments = names.iter().filter(|name| *name != "options").cloned().collect::<Vec<_>>().join(", ");
    add_strict_async(object.name(), &mut text);
    let new = functions::name(object.name(), "new");
    let env = if from_env { functions::name(object.name(), "from_env") } else { "None".into() };
    text.body = vec![format!("self._open({new}, {env}, ({arguments}), options, fields)")];
    if from_env {
        // With no argument, everything comes from the environment.
        text.docs
            .add_paragraph("Omitted arguments are read from environment variables, see `from_env`.".into());
        for parameters in text.overloads.iter_mut().chain([&mut text.parameters]) {
            for parameter in parameters.iter_mut() {
                if names.iter().any(|name| name != "options" && parameter.starts_with(&format!("{name}: "))) {
                    *parameter = format!("{parameter} | None = None");
                }
            }
        }
    }
    Ok(text.render()?)
}

/// The option of blocking clients that the package itself implements.
fn add_strict_async(client: &str, text: &mut MethodText) {
    if client.starts_with("Async") {
        return;
    }
    for parameters in &mut text.overloads {
        if !parameters.contains(&"*".to_owned()) {
            parameters.push("*".into());
        }
        parameters.push("strict_async: bool = False".into());
    }
    let description = "Whether a blocking call on the thread of an event loop fails with \
                       `ScalekitError.BlockingInAsync`. Default: a warning is logged.";
    text.docs.add_item("strict_async", description);
}

/// What all callables have in common: parameters, overloads, documentation, and the call as the last line of the body.
fn callable(
    package: &Package<'_>,
    class: &str,
    callable: &dyn Callable,
    constant: &str,
    receiver: &'static str,
) -> Result<MethodText> {
    let arguments = callable.arguments();
    let parameters: Vec<_> = arguments.iter().map(|a| Parameter::new(package, a)).collect::<Result<_>>()?;
    let request = request_argument(package, callable)?;
    let mut body = Vec::new();
    let mut overloads = Vec::new();
    let mut shown: Vec<String> = parameters.iter().map(Parameter::text).collect();
    let mut docs = Docs::new(callable.docstring());
    if let Some(request) = &request {
        overloads = vec![record_overload(&parameters, request), keyword_overload(&parameters, request)];
        shown = implementation(&parameters, request);
        let absent = match (request.is_optional, request.is_none) {
            (true, true) => ", absent=None",
            (true, false) => ", absent=True",
            (false, _) => "",
        };
        body.push(format!(
            "{0} = request_of({1}, \"{0}\", {0}, fields{absent})",
            request.parameter,
            package.expression(&request.class, class)
        ));
        document_keywords(&mut docs, &parameters, request);
    }
    for parameter in parameters.iter().filter(|parameter| parameter.is_absent_map) {
        body.push(format!("{0} = {{}} if {0} is None else {0}", parameter.name));
    }
    let owner = if receiver.is_empty() { None } else { Some(receiver.to_owned()) };
    let values =
        owner.into_iter().chain(parameters.iter().map(|p| p.name.clone())).collect::<Vec<_>>().join(", ");
    let is_async = callable.is_async();
    body.push(format!("return {}{constant}({values})", if is_async { "await " } else { "" }));
    Ok(MethodText {
        name: String::new(),
        is_async,
        is_property: false,
        decorator: None,
        receiver,
        overloads,
        parameters: shown,
        returns: callable.return_type().map_or(Ok("None".into()), |of| package.types.annotation(of))?,
        docs,
        body,
    })
}

/// The signature that takes the record.
fn record_overload(parameters: &[Parameter], request: &RequestArgument) -> Vec<String> {
    let one = |parameter: &Parameter| {
        if parameter.name != request.parameter {
            return parameter.text();
        }
        let none = if request.is_optional { " | None = None" } else { "" };
        format!("{}: {} | Mapping[str, Any]{none}", parameter.name, request.class)
    };
    parameters.iter().map(one).collect()
}

/// The signature that takes the fields of the record as keywords.
fn keyword_overload(parameters: &[Parameter], request: &RequestArgument) -> Vec<String> {
    let at = parameters.iter().position(|p| p.name == request.parameter).unwrap_or(parameters.len());
    let (before, after) = (&parameters[..at], parameters.get(at + 1..).unwrap_or_default());
    let mut shown: Vec<String> = before.iter().map(Parameter::text).collect();
    shown.push("*".into());
    shown.extend(after.iter().map(Parameter::text));
    let mut fields: Vec<&Field> = request.fields.iter().collect();
    fields.sort_by_key(|field| field.default.is_some());
    for field in fields {
        if request.is_hidden(parameters, field) {
            continue;
        }
        shown.push(keyword(request, field));
    }
    shown
}

/// A field as a keyword. Options of clients have the short names that Python users expect.
fn keyword(request: &RequestArgument, field: &Field) -> String {
    let is_options = request.class == "ClientOptions" || request.class == "CallOptions";
    match field.name.as_str() {
        "timeout_seconds" if is_options => field.keyword().replacen("timeout_seconds", "timeout", 1),
        _ => field.keyword(),
    }
}

fn implementation(parameters: &[Parameter], request: &RequestArgument) -> Vec<String> {
    let mut after = false;
    let one = |parameter: &Parameter| {
        if parameter.name == request.parameter {
            after = true;
            // A field can have the name of the parameter, as in `send(email="ada@example.com")`.
            let same = request.fields.iter().find(|field| field.name == parameter.name);
            let same = same.map_or(String::new(), |field| format!(" | {}", field.input));
            return format!("{}: {}{same} | Mapping[str, Any] | None = None", parameter.name, request.class);
        }
        match &parameter.default {
            None if after => format!("{}: {} | None = None", parameter.name, parameter.annotation),
            _ => parameter.text(),
        }
    };
    let mut shown: Vec<String> = parameters.iter().map(one).collect();
    shown.push("**fields: Any".into());
    shown
}

fn document_keywords(docs: &mut Docs, parameters: &[Parameter], request: &RequestArgument) {
    let one = |field: &Field| {
        let keyword = keyword(request, field);
        (keyword.split(':').next().unwrap_or_default().to_owned(), field.docs.summary())
    };
    let title = format!("Takes `{}`, or its fields as keywords:", request.class);
    let fields = request.fields.iter().filter(|field| !request.is_hidden(parameters, field));
    docs.add_section(title, fields.map(one).collect());
}

/// Values of sessions, transactions and claims are read as properties.
fn is_property(package: &Package<'_>, class: &str, method: &Method) -> bool {
    let has_values = matches!(class, "LoginSession" | "LoginTransaction")
        || package.types.kind(class).is_ok_and(|kind| kind == Kind::Response || kind == Kind::Request);
    has_values && method.arguments().is_empty() && !method.name().starts_with("to_") && !method.is_async()
}
