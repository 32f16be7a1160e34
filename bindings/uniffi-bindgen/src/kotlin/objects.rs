//! Classes for objects of the native library: clients, resources, pagers, verifiers, sessions and secrets.

use askama::Template;
use uniffi_bindgen::interface::{AsType, Callable, Constructor, Method, Object, Type};

use super::functions::{self, Call, WIDTH};
use super::{Package, Result, docs, names, types};
use crate::interface;

/// Prefixes of the names of methods that are not properties: conversions, disclosure of a secret, and checks that depend on
/// the current time.
const VERBS: [&str; 3] = ["to", "reveal", "needs"];

/// A method or a function.
pub struct Member {
    pub docs: String,
    /// Annotations, each on a line.
    pub annotations: String,
    /// Modifiers, `fun` and the name.
    pub declaration: String,
    pub parameters: Vec<String>,
    pub kind: Option<String>,
    /// An expression.
    pub body: String,
    pub indent: usize,
}

impl Member {
    pub fn text(&self) -> String {
        let margin = " ".repeat(self.indent);
        let annotations: String = self.annotations.lines().map(|line| format!("{margin}{line}\n")).collect();
        let head = format!("{margin}{}", self.declaration);
        let (open, close) = ("(", ")");
        let kind = self.kind.as_ref().map_or(String::new(), |kind| format!(": {kind}"));
        let one_line = format!("{head}{open}{}{close}{kind}", self.parameters.join(", "));
        let head = if one_line.lines().last().map_or(0, str::len) + 4 > WIDTH {
            let parameters = self.parameters.iter().map(|parameter| format!("{margin}    {parameter},\n"));
            format!("{head}{open}\n{}{margin}{close}{kind}", parameters.collect::<String>())
        } else {
            one_line
        };
        let last = head.lines().last().map_or(0, str::len);
        let first = self.body.lines().next().map_or(0, str::len);
        let code = match &self.kind {
            None => format!("{head} {{\n{}\n{margin}}}\n", indented(&self.body, self.indent + 4)),
            Some(_) if last + first + 3 <= WIDTH => {
                format!("{head} = {}\n", indented(&self.body, self.indent).trim_start())
            }
            Some(_) => format!("{head} =\n{}\n", indented(&self.body, self.indent + 4)),
        };
        format!("{}{annotations}{code}", self.docs)
    }
}

/// Adds a margin to each line.
pub fn indented(code: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    code.lines().map(|line| format!("{margin}{line}")).collect::<Vec<_>>().join("\n")
}

#[derive(Template)]
#[template(path = "kotlin/object.kt", escape = "none")]
struct Class {
    docs: String,
    name: String,
    handle: &'static str,
    supertype: String,
    functions: String,
    members: Vec<String>,
    statics: Vec<String>,
    item: Option<String>,
    is_async: bool,
    /// The documentation of `close`, if this is a client.
    close: Option<String>,
    is_printed: bool,
    is_compared: bool,
}

pub fn class(package: &Package<'_>, object: &Object) -> Result<String> {
    let (name, is_async) = (names::class(object.name()), object.name().starts_with("Async"));
    let client = package.is_client(object.name());
    let item = interface::item(object).map(|of| types::name(&of)).transpose()?;
    let (mut members, mut statics, mut close) = (Vec::new(), Vec::new(), None);
    for constructor in object.constructors() {
        if constructor.is_primary_constructor() {
            members.push(self::constructor(package, object, constructor)?);
        } else {
            statics.push(alternate(package, &name, constructor)?);
        }
    }
    for method in object.methods() {
        match method.name() {
            "close" if client => close = Some(package.docs.comment(method.docstring(), 4)),
            "as_async" => members.push(twin(&name, method)?),
            _ => members.extend(self::methods(package, object, method)?),
        }
    }
    let traits = object.uniffi_trait_methods();
    let supertype = match &item {
        _ if client => " : AutoCloseable".into(),
        Some(item) if !is_async => format!(" : Iterable<{item}>"),
        _ => String::new(),
    };
    let class = Class {
        docs: package.docs.comment(object.docstring(), 0),
        handle: handle(package, object),
        supertype,
        functions: names::functions(&name),
        members,
        statics,
        item,
        is_async,
        close,
        is_printed: traits.display_fmt.is_some() || traits.debug_fmt.is_some(),
        is_compared: traits.eq_eq.is_some(),
        name,
    };
    Ok(class.render()?)
}

/// The class of the runtime that holds the address of an object.
pub fn handle(package: &Package<'_>, object: &Object) -> &'static str {
    if package.is_client(object.name()) { "ClientHandle" } else { "Handle" }
}

pub fn parameters(callable: &dyn Callable) -> Result<Vec<String>> {
    let one = |argument: &&uniffi_bindgen::interface::Argument| {
        let of = argument.as_type();
        let text = format!("{}: {}", names::member(argument.name()), types::name(&of)?);
        Ok(match argument.default_value() {
            Some(default) => format!("{text} = {}", types::default(&of, default)?),
            None => text,
        })
    };
    callable.arguments().iter().map(one).collect()
}

fn overloads(callable: &dyn Callable) -> &'static str {
    if callable.arguments().iter().any(|argument| argument.default_value().is_some()) {
        "@JvmOverloads\n"
    } else {
        ""
    }
}

fn constructor(package: &Package<'_>, object: &Object, constructor: &Constructor) -> Result<String> {
    let name = names::class(object.name());
    let function = format!("{}.{}", names::functions(&name), names::member(constructor.name()));
    // The constructor that takes a handle is called instead of the function that creates an object.
    let created = functions::call(&Call { function, receiver: "", own: None, callable: constructor })?;
    let address =
        created.strip_prefix(&format!("{}(", names::creator(&name))).and_then(|rest| rest.strip_suffix(')'));
    let address = address.ok_or_else(|| format!("the constructor of {name} creates no object"))?;
    let handle = format!("{}({}.type, {address})", handle(package, object), names::functions(&name));
    let docs = package.docs.comment(constructor.docstring(), 4);
    let parameters = parameters(constructor)?;
    let annotations: String = overloads(constructor).lines().map(|line| format!("    {line}\n")).collect();
    let one_line = format!("    constructor({}) :", parameters.join(", "));
    let head = if one_line.len() > WIDTH {
        let lines = parameters.iter().map(|parameter| format!("        {parameter},\n"));
        format!("    constructor(\n{}    ) :", lines.collect::<String>())
    } else {
        one_line
    };
    let delegation = indented(&format!("this({handle})"), 8);
    Ok(format!("{docs}{annotations}{head}\n{delegation}\n"))
}

/// A static method that returns an object of the class.
fn alternate(package: &Package<'_>, name: &str, constructor: &Constructor) -> Result<String> {
    let function = format!("{}.{}", names::functions(name), names::member(constructor.name()));
    let throws = if constructor.throws() { "@Throws(ScalekitException::class)\n" } else { "" };
    let member = Member {
        docs: package.docs.comment(constructor.docstring(), 8),
        annotations: format!("{throws}@JvmStatic\n{}", overloads(constructor)),
        declaration: format!("fun {}", names::member(constructor.name())),
        parameters: parameters(constructor)?,
        kind: Some(name.to_owned()),
        body: functions::call(&Call { function, receiver: "", own: None, callable: constructor })?,
        indent: 8,
    };
    Ok(member.text())
}

/// The asynchronous twin, which makes blocking calls on virtual threads.
fn twin(name: &str, method: &Method) -> Result<String> {
    let function = format!("{}.{}", names::functions(name), names::member(method.name()));
    let value = functions::call(&Call { function, receiver: "handle", own: None, callable: method })?;
    let kind = method.return_type().map(types::name).transpose()?.ok_or("the twin has no type")?;
    Ok(format!(
        "    /** Makes the calls of virtual threads, which must not block in native code. */\n    \
         private val twin: {kind} by lazy(LazyThreadSafetyMode.PUBLICATION) {{\n{}\n    }}\n",
        indented(&value, 8)
    ))
}

fn methods(package: &Package<'_>, object: &Object, method: &Method) -> Result<Vec<String>> {
    let class = names::class(object.name());
    let function = format!("{}.{}", names::functions(&class), names::member(method.name()));
    let call = functions::call(&Call { function, receiver: "handle", own: None, callable: method })?;
    let docs = package.docs.comment(method.docstring(), 4);
    if is_accessor(package, object, method) {
        let kind = method.return_type().map(types::name).transpose()?.unwrap_or_default();
        let name = names::member(method.name());
        let lazy = "by lazy(LazyThreadSafetyMode.PUBLICATION)";
        return Ok(vec![format!("{docs}    val {name}: {kind} {lazy} {{\n{}\n    }}\n", indented(&call, 8))]);
    }
    if let Some(property) = property(method, &docs, &call)? {
        return Ok(vec![property]);
    }
    let name = names::member(method.name());
    let parameters = parameters(method)?;
    let kind = method.return_type().map(types::name).transpose()?;
    let throws = if method.throws() { "@Throws(ScalekitException::class)\n" } else { "" };
    let passed: Vec<String> =
        method.arguments().iter().map(|argument| names::member(argument.name())).collect();
    let (annotations, declaration, body) = if method.is_async() {
        (format!("{throws}@JvmSynthetic\n"), format!("suspend fun {name}"), call)
    } else if functions::blocks(package, object, method.name()) {
        let body =
            format!("blockingCall({{ twin.{name}({}) }}) {{\n{}\n}}", passed.join(", "), indented(&call, 4));
        (format!("{throws}{}", overloads(method)), format!("fun {name}"), body)
    } else {
        (format!("{throws}{}", overloads(method)), format!("fun {name}"), call)
    };
    let member = Member { docs, annotations, declaration, parameters, kind, body, indent: 4 };
    let mut texts = vec![member.text()];
    if method.is_async() {
        texts.push(future(method, member.parameters, &passed)?);
    }
    Ok(texts)
}

/// The variant of an asynchronous method for Java.
fn future(method: &Method, parameters: Vec<String>, passed: &[String]) -> Result<String> {
    let name = names::member(method.name());
    let call = format!("{name}({})", passed.join(", "));
    let (kind, call) = match method.return_type() {
        Some(of) => (types::name(of)?, call),
        None => ("Void?".into(), format!("{call}; null")),
    };
    let member = Member {
        docs: docs::plain(&format!("Like `{name}`, for Java. Cancelling the future closes the request."), 4),
        annotations: overloads(method).to_owned(),
        declaration: format!("fun {}Async", names::part(method.name())),
        parameters,
        kind: Some(format!("CompletableFuture<{kind}>")),
        body: format!("futureOf {{ {call} }}"),
        indent: 4,
    };
    Ok(member.text())
}

/// Whether a method of a client returns a resource, which is created once.
fn is_accessor(package: &Package<'_>, object: &Object, method: &Method) -> bool {
    package.is_client(object.name())
        && method.arguments().is_empty()
        && matches!(method.return_type(), Some(Type::Object { name, .. }) if name != object.name())
}

/// The property for a getter.
pub fn property(method: &Method, docs: &str, call: &str) -> Result<Option<String>> {
    let name = names::part(method.name());
    let verb = VERBS.iter().any(|verb| {
        name.strip_prefix(verb).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase()))
    });
    let getter = !verb && method.arguments().is_empty() && !method.throws() && !method.is_async();
    Ok(match method.return_type() {
        Some(of) if getter => {
            let (name, kind) = (names::member(method.name()), types::name(of)?);
            Some(format!("{docs}    val {name}: {kind}\n{}\n", indented(&format!("get() = {call}"), 8)))
        }
        _ => None,
    })
}
