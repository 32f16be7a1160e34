//! Calls: the methods of the areas, which the other languages have too, by name.

use uniffi_bindgen::ComponentInterface;
use uniffi_bindgen::interface::{Argument, AsType, Callable, Object, Type};

use super::fields::Field;
use super::types::Types;
use super::{comment, joined, mentioned, summary};
use crate::interface::{Result, item, methods};

/// The client, whose accessors return the areas.
const CLIENT: &str = "ScalekitClient";

/// The calls that are methods of the client itself.
const OF_CLIENT: [&str; 2] = ["jwks", "request"];

/// A function of the other languages that is a call in C.
const FUNCTION: (&str, &str) = ("generate_pkce", "login");

/// Arguments that only C programs can omit.
const OPTIONAL: [(&str, &str); 1] = [("login.logout_url", "options")];

/// Validation results in the claims, as the token has them.
const CLAIMS: [&str; 4] = [
    "tokens.validate",
    "tokens.validate_id_token",
    "tokens.validate_idp_initiated",
    "tokens.validate_machine",
];

pub struct Call {
    pub name: String,
    docs: String,
    arguments: Vec<Field>,
    result: String,
}

/// All calls, by area and name.
pub fn all(interface: &ComponentInterface, types: &Types<'_>) -> Result<Vec<Call>> {
    let client = interface.get_object_definition(CLIENT).ok_or("the interface has no client")?;
    let mut calls = Vec::new();
    for method in methods(client) {
        match method.return_type() {
            _ if OF_CLIENT.contains(&method.name()) => {
                calls.push(Call::new(types, "client", method.name(), method, method.docstring())?);
            }
            Some(Type::Object { name, .. }) if method.arguments().is_empty() && name != CLIENT => {
                let area = interface.get_object_definition(name).ok_or("an area without an object")?;
                for call in methods(area) {
                    calls.push(Call::new(types, method.name(), call.name(), call, call.docstring())?);
                }
            }
            _ => {}
        }
    }
    let (name, area) = FUNCTION;
    let function = interface.get_function_definition(name).ok_or_else(|| format!("there is no {name}"))?;
    calls.push(Call::new(types, area, name, function, function.docstring())?);
    calls.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(calls)
}

impl Call {
    fn new(types: &Types<'_>, area: &str, name: &str, of: &dyn Callable, docs: Option<&str>) -> Result<Self> {
        let name = format!("{area}.{name}");
        let argument = |it| argument(types, &name, it);
        let arguments = of.arguments().into_iter().map(argument).collect::<Result<_>>()?;
        let result = result(types, &name, of.return_type())?;
        Ok(Self { docs: summary(docs), arguments, result, name })
    }

    pub fn area(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }

    pub fn mentioned(&self) -> impl Iterator<Item = String> + '_ {
        self.arguments.iter().flat_map(Field::mentioned).chain(mentioned(&self.result))
    }

    pub fn text(&self) -> String {
        format!("{}{}({}) -> {}\n", comment(&self.docs, 0), self.name, joined(&self.arguments), self.result)
    }
}

fn argument(types: &Types<'_>, call: &str, argument: &Argument) -> Result<Field> {
    let of = argument.as_type();
    let is_optional = argument.default_value().is_some() || matches!(of, Type::Optional { .. });
    Ok(Field {
        name: argument.name().to_owned(),
        of: types.argument(&of)?,
        is_optional: is_optional || OPTIONAL.contains(&(call, argument.name())),
        docs: String::new(),
    })
}

fn result(types: &Types<'_>, call: &str, of: Option<&Type>) -> Result<String> {
    if CLAIMS.contains(&call) {
        return Ok("JSON".into());
    }
    match of {
        None => Ok("null".into()),
        Some(Type::Object { name, .. }) if name.ends_with("Pager") => {
            let pager: Option<&Object> = types.interface.get_object_definition(name);
            let item = pager.and_then(item).ok_or_else(|| format!("{name} has no items"))?;
            Ok(format!("pages of {}[]", types.json(&item)?))
        }
        Some(of) => types.json(of),
    }
}
