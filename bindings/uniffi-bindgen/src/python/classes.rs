//! The classes of a module, in the order in which a reader needs them.

use super::types::Kind;
use super::{Package, Result, enums, functions, objects, records};

/// The text of a class, and the constants that its methods use.
pub struct Class {
    pub text: String,
    pub functions: Vec<String>,
}

/// The classes of an area: resources first, then pagers, models and enumerations.
pub fn of(package: &Package<'_>, area: &str) -> Result<Vec<Class>> {
    let mut found = Vec::new();
    for (name, _) in package.areas.all().filter(|(_, of)| *of == area) {
        found.push((package.types.rank(name)?, class(package, name)?));
    }
    if area == "client" {
        found.push(((9, String::new()), operations(package)?));
    }
    found.sort_by(|(left, _), (right, _)| left.cmp(right));
    Ok(found.into_iter().map(|(_, class)| class).filter(|class| !class.text.is_empty()).collect())
}

fn class(package: &Package<'_>, name: &str) -> Result<Class> {
    let record = || package.interface.get_record_definition(name).ok_or("no such record");
    let of_enum = || package.interface.get_enum_definition(name).ok_or("no such enumeration");
    let text = match package.types.kind(name)? {
        Kind::Response => return records::response(package, record()?),
        Kind::Request => return records::request(package, record()?),
        Kind::OpenEnum => enums::open(of_enum()?)?,
        Kind::ClosedEnum => enums::closed(of_enum()?)?,
        // Both have modules of their own (see `names`).
        Kind::Union | Kind::Error => String::new(),
        Kind::Object => {
            let object = package.interface.get_object_definition(name).ok_or("no such object")?;
            return objects::class(package, object);
        }
    };
    Ok(Class { text, functions: Vec::new() })
}

/// The functions of the package.
fn operations(package: &Package<'_>) -> Result<Class> {
    let mut class = Class { text: String::new(), functions: Vec::new() };
    for function in package.interface.function_definitions() {
        if super::is_internal(function.name()) {
            continue;
        }
        class.text += &objects::function(package, function)?;
        class.functions.push(functions::function(package, function)?);
    }
    Ok(class)
}

/// The whole code of a module.
pub fn text(classes: &[Class]) -> String {
    classes
        .iter()
        .flat_map(|class| std::iter::once(&class.text).chain(&class.functions))
        .map(|t| format!("{t}\n"))
        .collect()
}
