//! Pagers, and pages that continue.

use uniffi_bindgen::interface::{AsType, Method, Record, Type};

use super::{Package, Result};

/// The field of a page that has the items, and their class.
pub fn items(package: &Package<'_>, record: &Record) -> Result<Option<(String, String)>> {
    if !record.name().ends_with("Page") {
        return Ok(None);
    }
    for field in record.fields() {
        if let Type::Sequence { inner_type } = field.as_type() {
            return Ok(Some((field.name().to_owned(), package.types.annotation(&inner_type)?)));
        }
    }
    Err(format!("{} has no items", record.name()).into())
}

/// The method that returns a pager over the pages of `method`: `list_all_users` for `list_users`.
fn pager_method(package: &Package<'_>, class: &str, method: &Method) -> Option<String> {
    let object = package.interface.get_object_definition(class)?;
    let (verb, rest) = method.name().split_once('_').unwrap_or((method.name(), ""));
    let names = [format!("{verb}_all_{rest}"), format!("{verb}_all")];
    let name = if rest.is_empty() { &names[1] } else { &names[0] };
    object.methods().iter().any(|m| m.name() == name).then(|| name.clone())
}

/// Makes a returned page continue with the method that returns a pager.
pub fn continue_pages(package: &Package<'_>, class: &str, method: &Method, body: &mut Vec<String>) {
    let returns_page =
        matches!(method.return_type(), Some(Type::Record { name, .. }) if name.ends_with("Page"));
    let (Some(pager), true) = (pager_method(package, class, method), returns_page) else { return };
    let Some(call) = body.pop() else { return };
    let arguments: Vec<_> = method.arguments().iter().map(|a| a.name().to_owned()).collect();
    let Some((params, path)) = arguments.split_last() else { return };
    body.push(call.replacen("return", "page =", 1));
    let path: String = path.iter().map(|name| format!("{name}, ")).collect();
    body.push(format!("return page._continued_by(self.{pager}, ({path}), {params})"));
}
