//! The native function behind a method, as a constant of the module.

use heck::ToSnakeCase;
use uniffi_bindgen::interface::{AsType, Callable, Constructor, Method, Object, Type};

use super::{Package, Result};

const SYMBOLS: &str = "uniffi_scalekit_fn_";

/// Whether a method blocks its thread: its asynchronous twin is awaited.
pub fn blocks(package: &Package<'_>, object: &Object, method: &Method) -> bool {
    let twin = package.interface.get_object_definition(&format!("Async{}", object.name()));
    let twin = twin.map(|twin| twin.methods().iter().any(|m| m.name() == method.name() && m.is_async()));
    !method.is_async() && twin == Some(true)
}

/// The name of the constant.
pub fn name(class: &str, method: &str) -> String {
    format!("_{}_{method}", class.to_snake_case())
}

/// The constant for a method of an object, or of a record, which is then the first argument.
pub fn method(package: &Package<'_>, class: &str, method: &Method, blocking: bool) -> Result<String> {
    if (class, method.name()) == ("WebhookVerifier", "event") {
        // Verifies, parses and converts in one call of the library.
        return Ok(format!("{} = EventCall()", name(class, method.name())));
    }
    let kind = match (method.is_async(), blocking) {
        (true, _) => "AsyncCall",
        (false, true) => "BlockingCall",
        (false, false) => "Function",
    };
    let owner = Callable::self_type(method);
    let own = match &owner {
        Some(Type::Record { .. } | Type::Enum { .. }) => vec![format!("self {class}")],
        _ => Vec::new(),
    };
    let arguments = own.into_iter().chain(arguments(package, method)?).collect();
    // UniFFI exports no checksums of the methods of traits.
    let checksum = if method.name().starts_with("uniffi_trait_") { 0 } else { method.checksum() };
    constant(package, name(class, method.name()), kind, method, (checksum, arguments))
}

/// The constant for a constructor. The primary constructor returns a handle, for `__init__`.
pub fn constructor(package: &Package<'_>, class: &str, constructor: &Constructor) -> Result<String> {
    let arguments = arguments(package, constructor)?;
    constant(
        package,
        name(class, constructor.name()),
        "Constructor",
        constructor,
        (constructor.checksum(), arguments),
    )
}

/// The constant for a function.
pub fn function(package: &Package<'_>, function: &uniffi_bindgen::interface::Function) -> Result<String> {
    let arguments = arguments(package, function)?;
    let name = format!("_{}", function.name());
    constant(package, name, "Function", function, (function.checksum(), arguments))
}

fn arguments(package: &Package<'_>, callable: &dyn Callable) -> Result<Vec<String>> {
    let one = |argument: &&uniffi_bindgen::interface::Argument| {
        let shape = match argument.name() {
            // Any form in which a framework has the headers of a request.
            "headers" => "Headers".into(),
            _ => package.types.shape(&argument.as_type())?,
        };
        Ok(format!("{} {shape}", argument.name()))
    };
    callable.arguments().iter().map(one).collect()
}

fn constant(
    package: &Package<'_>,
    name: String,
    kind: &str,
    callable: &dyn Callable,
    (checksum, arguments): (u16, Vec<String>),
) -> Result<String> {
    let symbol = callable.ffi_func().name();
    let symbol = symbol.strip_prefix(SYMBOLS).ok_or_else(|| format!("unknown symbol {symbol}"))?;
    let mut words = vec![format!("\"{symbol}\""), checksum.to_string()];
    words.extend(arguments.iter().map(|argument| format!("\"{argument}\"")));
    match callable.return_type() {
        Some(of) if kind != "Constructor" => words.push(format!("returns=\"{}\"", package.types.shape(of)?)),
        _ => {}
    }
    Ok(format!("{name} = {kind}({})", words.join(", ")))
}
