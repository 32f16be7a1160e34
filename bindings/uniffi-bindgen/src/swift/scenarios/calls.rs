//! Calls by their name, for one client: a function for the client itself, and one for each of its resources.

use std::error::Error;
use std::fmt::Write;

use heck::{ToLowerCamelCase, ToUpperCamelCase};
use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::{AsType, Method, Object, Type};

use super::by_hand::ByHand;
use super::swift_type::{absent, swift_type};
use super::{Style, is_pager};
use crate::swift::labels::repeats;
use crate::swift::text::quoted;

type Done = Result<(), Box<dyn Error>>;

pub fn write(
    out: &mut String,
    interface: &ComponentInterface,
    client: &Object,
    style: &Style,
    by_hand: &ByHand,
) -> Done {
    let areas = areas(interface, client);
    let name = client.name().to_upper_camel_case();
    let Style { call, function, .. } = style;
    writeln!(
        out,
        "\nfunc play(_ client: {name}, _ call: ScenarioCall, _ with: Arguments) {function} -> Found {{"
    )?;
    writeln!(out, "    switch call.area {{")?;
    writeln!(out, "    case \"client\": return {call} playClient(client, call, with)")?;
    for (area, _) in &areas {
        let accessor = area.to_lower_camel_case();
        let resource = area.to_upper_camel_case();
        writeln!(out, "    case {area:?}: return {call} play{resource}(client.{accessor}, call, with)")?;
    }
    writeln!(out, "    default: throw call.unknown\n    }}\n}}")?;
    write_resource(out, interface, "Client", client, style, by_hand)?;
    for (area, resource) in areas {
        write_resource(out, interface, &area.to_upper_camel_case(), resource, style, by_hand)?;
    }
    Ok(())
}

/// The accessors of a client, with what they give.
fn areas<'a>(interface: &'a ComponentInterface, client: &'a Object) -> Vec<(String, &'a Object)> {
    let methods = client.methods();
    let accessors = methods.into_iter().filter(|m| m.arguments().is_empty() && !m.throws());
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
    by_hand: &ByHand,
) -> Done {
    let name = resource.name().to_upper_camel_case();
    writeln!(
        out,
        "\nprivate func play{area}(_ on: {name}, _ call: ScenarioCall, _ with: Arguments) {} -> Found {{",
        style.function
    )?;
    writeln!(out, "    switch call.method {{")?;
    let told = |method: &&Method| {
        let arguments = method.arguments().into_iter().map(AsType::as_type);
        !arguments.chain(method.return_type().cloned()).any(|of| by_hand.holds(&of))
    };
    for method in resource.methods().into_iter().filter(told) {
        write_method(out, interface, method, area == "Client", style)?;
    }
    writeln!(out, "    default: throw call.unknown\n    }}\n}}")?;
    Ok(())
}

/// What a client does without an answer is none of its operations.
fn write_method(
    out: &mut String,
    interface: &ComponentInterface,
    method: &Method,
    on_client: bool,
    style: &Style,
) -> Done {
    let gives = match method.return_type() {
        Some(Type::Object { name, .. }) if interface.get_object_definition(name).is_some_and(is_pager) => {
            Gives::Pages
        }
        Some(Type::Object { .. }) => return Ok(()),
        None if on_client => return Ok(()),
        None => Gives::Nothing,
        Some(_) => Gives::Value,
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
        // As in `labels`.
        let said = matches!(of, Type::Record { .. }) || (at == 0 && repeats(&function, &label));
        arguments.push(if said { local } else { format!("{label}: {local}") });
    }
    writeln!(out, "        try with.allUsed()")?;
    let call = format!("on.{function}({})", arguments.join(", "));
    let how = style.call(method);
    match gives {
        Gives::Pages => writeln!(out, "        return {} collected({call})", style.call)?,
        Gives::Value => writeln!(out, "        return {how} {call}.found")?,
        Gives::Nothing => writeln!(out, "        {how} {call}\n        return .plain(.null)")?,
    }
    Ok(())
}

enum Gives {
    Pages,
    Value,
    Nothing,
}
