//! Dispatches calls by name, for one client: a function for the client itself, and one for each of its resources.

use std::error::Error;
use std::fmt::Write;

use heck::{ToLowerCamelCase, ToUpperCamelCase};
use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::{AsType, Method, Object, Type};

use super::opaque::OpaqueTypes;
use super::swift_type::{absent, swift_type};
use super::{Style, is_pager};
use crate::interface::methods;
use crate::swift::labels::names_argument;
use crate::swift::text::quoted;

type Done = Result<(), Box<dyn Error>>;

pub fn write(
    out: &mut String,
    interface: &ComponentInterface,
    client: &Object,
    style: &Style,
    opaque: &OpaqueTypes,
) -> Done {
    let areas = areas(interface, client);
    let name = client.name().to_upper_camel_case();
    let Style { call, function, .. } = style;
    writeln!(
        out,
        "\nfunc dispatch(_ client: {name}, _ call: ScenarioCall, _ with: Arguments) {function} -> ActualValue {{"
    )?;
    writeln!(out, "    switch call.area {{")?;
    writeln!(out, "    case \"client\": return {call} dispatchClient(client, call, with)")?;
    for (area, _) in &areas {
        let accessor = area.to_lower_camel_case();
        let resource = area.to_upper_camel_case();
        writeln!(out, "    case {area:?}: return {call} dispatch{resource}(client.{accessor}, call, with)")?;
    }
    writeln!(out, "    default: throw call.unknown\n    }}\n}}")?;
    write_resource(out, interface, "Client", client, style, opaque)?;
    for (area, resource) in areas {
        write_resource(out, interface, &area.to_upper_camel_case(), resource, style, opaque)?;
    }
    Ok(())
}

/// Returns the resource accessors of a client, each with its resource.
fn areas<'a>(interface: &'a ComponentInterface, client: &'a Object) -> Vec<(String, &'a Object)> {
    let accessors = methods(client).filter(|m| m.arguments().is_empty() && !m.throws());
    accessors
        .filter_map(|method| match method.return_type() {
            Some(Type::Object { name, .. }) => {
                Some((method.name().to_owned(), interface.get_object_definition(name)?))
            }
            _ => None,
        })
        .collect()
}

fn write_resource(
    out: &mut String,
    interface: &ComponentInterface,
    area: &str,
    resource: &Object,
    style: &Style,
    opaque: &OpaqueTypes,
) -> Done {
    let name = resource.name().to_upper_camel_case();
    writeln!(
        out,
        "\nprivate func dispatch{area}(_ on: {name}, _ call: ScenarioCall, _ with: Arguments) {} -> ActualValue {{",
        style.function
    )?;
    writeln!(out, "    switch call.method {{")?;
    let expressible = |method: &&Method| {
        let arguments = method.arguments().into_iter().map(AsType::as_type);
        !arguments.chain(method.return_type().cloned()).any(|of| opaque.occur_in(&of))
    };
    for method in methods(resource).filter(expressible) {
        write_method(out, interface, method, area == "Client", style)?;
    }
    writeln!(out, "    default: throw call.unknown\n    }}\n}}")?;
    Ok(())
}

/// Writes the case for a method. Skips methods of the client without a result, and methods that return an object other
/// than a pager: they are not operations.
fn write_method(
    out: &mut String,
    interface: &ComponentInterface,
    method: &Method,
    on_client: bool,
    style: &Style,
) -> Done {
    let result = match method.return_type() {
        Some(Type::Object { name, .. }) if interface.get_object_definition(name).is_some_and(is_pager) => {
            Returns::Pages
        }
        Some(Type::Object { .. }) => return Ok(()),
        None if on_client => return Ok(()),
        None => Returns::Nothing,
        Some(_) => Returns::Value,
    };
    writeln!(out, "    case {:?}:", method.name())?;
    let mut arguments = Vec::new();
    let function = method.name().to_lower_camel_case();
    for (at, argument) in method.arguments().into_iter().enumerate() {
        let (label, of) = (argument.name().to_lower_camel_case(), argument.as_type());
        let (local, absent) = (quoted(&label), absent(argument.default_value())?);
        let given = swift_type(&of)?;
        writeln!(
            out,
            "        let {local}: {given} = try with.value({:?}, absent: {absent})",
            argument.name()
        )?;
        // The same rule as in `labels`.
        let unlabeled = matches!(of, Type::Record { .. }) || (at == 0 && names_argument(&function, &label));
        arguments.push(if unlabeled { local } else { format!("{label}: {local}") });
    }
    writeln!(out, "        try with.allUsed()")?;
    let call = format!("on.{function}({})", arguments.join(", "));
    let keywords = style.call(method);
    match result {
        Returns::Pages => writeln!(out, "        return {} collected({call})", style.call)?,
        Returns::Value => writeln!(out, "        return try checked({keywords} {call})")?,
        Returns::Nothing => writeln!(out, "        {keywords} {call}\n        return .plain(.null)")?,
    }
    Ok(())
}

enum Returns {
    Pages,
    Value,
    Nothing,
}
