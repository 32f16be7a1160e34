//! Native functions: their declarations, and calls of them.

use uniffi_bindgen::interface::{Argument, AsType, Callable, FfiFunction, Object, Type};

use super::types::{self, Returned};
use super::{Package, Result, names, shapes};

/// The longest line of a file.
pub const WIDTH: usize = 120;

/// What the names of all functions begin with.
const SYMBOLS: &str = "uniffi_scalekit_fn_";

/// Whether a method blocks its thread: its asynchronous twin is awaited.
pub fn blocks(package: &Package<'_>, object: &Object, method: &str) -> bool {
    let twin = package.interface.get_object_definition(&format!("Async{}", object.name()));
    twin.is_some_and(|twin| twin.methods().iter().any(|m| m.name() == method && m.is_async()))
        && !object.methods().iter().any(|m| m.name() == method && m.is_async())
}

/// The declaration of a function. UniFFI exports no checksums of the methods of traits.
pub fn declaration(name: &str, function: &FfiFunction, checksum: Option<u16>) -> Result<String> {
    let (code, text) = shapes::of(function)?;
    let symbol =
        function.name().strip_prefix(SYMBOLS).ok_or_else(|| format!("unknown symbol {}", function.name()))?;
    let checksum = checksum.map_or(String::new(), |checksum| format!(", {checksum}"));
    let name = names::member(name);
    Ok(format!(
        "\n    @JvmField\n    val {name} = NativeFunction(\"{symbol}\", 0x{code:x}{checksum}) // {text}\n"
    ))
}

/// The longest argument that does not have a line of its own.
const SHORT: usize = 40;

/// What is called, on what.
pub struct Call<'a> {
    /// The name of the function's declaration.
    pub function: String,
    /// The receiver, or nothing.
    pub receiver: &'static str,
    /// The record or the enumeration that is the first argument, with its type.
    pub own: Option<Type>,
    pub callable: &'a dyn Callable,
}

/// The expression that makes a call and converts its result. It has several lines, without a margin, if it is long.
pub fn call(call: &Call<'_>) -> Result<String> {
    let mut arguments = Vec::new();
    if let Some(own) = &call.own {
        arguments.push(format!("buffer(\"this\") {{ {} }}", types::write(own, &own_value(own))?));
    }
    for argument in call.callable.arguments() {
        let value = value(call.callable, argument);
        arguments.push(types::argument(argument.name(), &value, &argument.as_type())?);
    }
    let of = call.callable.return_type();
    let method = match (types::returned(of), call.callable.is_async()) {
        (Returned::Nothing, false) => "run",
        (Returned::Address | Returned::Number, false) => "number",
        (Returned::Boolean, false) => "boolean",
        (Returned::Buffer, false) => "reader",
        (Returned::Nothing, true) => "runAsync",
        (Returned::Address, true) => "addressAsync",
        (Returned::Number, true) => "numberAsync",
        (Returned::Buffer, true) => "readerAsync",
        (Returned::Boolean, true) => return Err(format!("{}: no future has this type", call.function).into()),
    };
    let receiver = match (call.receiver, arguments.is_empty()) {
        ("", false) => String::new(),
        (receiver, _) => format!("({receiver})"),
    };
    types::result(of, format!("{}.{method}{receiver}{}", call.function, block(&arguments)))
}

/// What is passed for an argument. The core does not know the proxy of the JVM, which the options of a client are completed
/// with.
fn value(callable: &dyn Callable, argument: &Argument) -> String {
    const URL: &str = "environment_url";
    let name = names::member(argument.name());
    match argument.as_type() {
        Type::Record { name: record, .. } if record == "ClientOptions" => {
            let is_given = callable.arguments().iter().any(|argument| argument.name() == URL);
            let url = if is_given { names::member(URL) } else { String::new() };
            format!("{name}.withProxyOfJvm({url})")
        }
        _ => name,
    }
}

/// Inside the block of a call, `this` is its arguments.
fn own_value(own: &Type) -> String {
    match own {
        Type::Record { name, .. } | Type::Enum { name, .. } => format!("this@{}", names::class(name)),
        _ => "this".into(),
    }
}

fn block(arguments: &[String]) -> String {
    match arguments {
        [] => String::new(),
        [one] if one.len() < SHORT => format!(" {{ {one} }}"),
        all => format!(" {{\n{}}}", all.iter().map(|line| format!("    {line}\n")).collect::<String>()),
    }
}
