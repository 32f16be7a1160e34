//! Errors: lower-case names of cases, a `failure` property for all of them, the summary as their description, and the names of
//! arguments in it as Swift spells them.

use crate::edit::{Edited, replace};
use crate::swift::text;

const HEAD: &str = "enum ScalekitError: Swift.Error, Equatable, Hashable {";

/// The error of an argument, whose message names it as Swift spells it.
const INVALID_ARGUMENT: &str = "return .invalidArgument(
            failure: try FfiConverterTypeFailure.read(from: &buf)";

pub fn finish(text: String) -> Edited {
    let mut text = replace(text, 1, HEAD, HEAD)?;
    let variants = variants(&text);
    if variants.is_empty() {
        return Err("the error has no cases".into());
    }
    for variant in &variants {
        let name = lower(variant);
        text = replace(
            text,
            1,
            &format!("    case {variant}(\n"),
            &format!("    case {}(\n", text::quoted(&name)),
        )?;
        text = replace(text, 1, &format!(": return .{variant}(\n"), &format!(": return .{name}(\n"))?;
        text = replace(text, 1, &format!("case let .{variant}("), &format!("case let .{name}("))?;
    }
    text = replace(text, 1, INVALID_ARGUMENT, &format!("{INVALID_ARGUMENT}.withSwiftNames()"))?;
    let names: Vec<_> = variants.iter().map(|variant| lower(variant)).collect();
    Ok(documented(&text, &variants) + &extension(&names))
}

fn variants(text: &str) -> Vec<String> {
    let all = text::declared(text, "enum");
    let found = all.iter().find(|found| found.name == "ScalekitError");
    found.map_or_else(Vec::new, |found| {
        text::cases(&text[found.range.clone()]).into_iter().map(str::to_owned).collect()
    })
}

/// Writes the cases in documentation in lower case, unless a type has the same name.
fn documented(text: &str, variants: &[String]) -> String {
    let types = [text::names(text, "public struct"), text::names(text, "open class")].concat();
    let renamed: Vec<_> = variants.iter().filter(|variant| !types.contains(variant)).collect();
    text::lines(text, |line| match text::is_comment(line) {
        true => renamed.iter().fold(line.to_owned(), |line, variant| {
            line.replace(&format!("`{variant}`"), &format!("`{}`", lower(variant)))
        }),
        false => line.to_owned(),
    })
}

fn lower(variant: &str) -> String {
    let mut letters = variant.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn extension(names: &[String]) -> String {
    let cases: Vec<_> = names.iter().map(|name| format!(".{name}(let failure)")).collect();
    format!(
        "
extension ScalekitError: CustomStringConvertible, LocalizedError {{
    /// The details of the error, the same for every case.
    public var failure: Failure {{
        switch self {{
        case {}:
            return failure
        }}
    }}

    /// A one-line summary, suitable for logs. The same as `failure.summary`.
    public var errorDescription: String? {{ failure.summary }}
}}
",
        cases.join(",\n            ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        " * Fails with `NotFound`.\npublic \nenum ScalekitError: Swift.Error, Equatable, Hashable {
    case NotFound(
        failure: Failure
    )
    case Internal(
        failure: Failure
    )
    case InvalidArgument(
        failure: Failure
    )
}
        case 1: return .NotFound(
        case 2: return .Internal(
        case 3: return .InvalidArgument(
            failure: try FfiConverterTypeFailure.read(from: &buf)
        case let .NotFound(failure):
        case let .Internal(failure):
        case let .InvalidArgument(failure):
";

    #[test]
    fn cases_are_lower_case_and_share_a_failure() {
        let text = finish(TEXT.into()).unwrap();
        for part in [
            " * Fails with `notFound`.\n",
            "    case notFound(\n",
            "    case `internal`(\n",
            "return .notFound(",
            "case let .internal(",
            "case .notFound(let failure),\n            .internal(let failure),\n            .invalidArgument(let failure):",
            "failure: try FfiConverterTypeFailure.read(from: &buf).withSwiftNames()\n",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish("enum Other {}".into()).is_err());
        assert!(finish(TEXT.replace("case let .NotFound(", "case let .NotFound (")).is_err());
        assert!(finish(TEXT.replace("try Ffi", "try! Ffi")).is_err());
    }
}
