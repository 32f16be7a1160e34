//! Makes pagers sequences. `Sources/Scalekit/Pages.swift` has the implementation.

use std::fmt::Write;

use crate::edit::Edited;
use crate::swift::text;

const ASYNC: &str = "open func nextPage()async throws  -> [";
const BLOCKING: &str = "open func nextPage()throws  -> [";

pub fn finish(text: String) -> Edited {
    let mut extensions = String::new();
    let mut pagers = 0;
    for found in text::declared(&text, "open class") {
        let body = &text[found.range.clone()];
        let item = |starts: &str| body.lines().find_map(|line| line.strip_prefix(starts)?.split(']').next());
        let (protocol, item) = match (item(ASYNC), item(BLOCKING)) {
            (Some(item), None) => ("AsyncPages", item),
            (None, Some(item)) => ("Pages", item),
            _ if found.name.ends_with("Pager") => {
                return Err(format!("{} has no `nextPage` of a known form", found.name).into());
            }
            _ => continue,
        };
        pagers += 1;
        write!(
            extensions,
            "\nextension {}: {protocol} {{\n    /// The type of the items.\n    public typealias Item = {item}\n}}\n",
            found.name
        )?;
    }
    if pagers == 0 {
        return Err("no pager found".into());
    }
    Ok(text + &extensions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pagers_become_sequences() {
        let text = finish(format!(
            "open class AsyncXPager: P {{\n{ASYNC}X]?  {{\n}}\n}}\nopen class XPager: P {{\n{BLOCKING}X]?  {{\n}}\n}}\nopen class Other {{\n}}\n"
        ))
        .unwrap();
        let blocking =
            "\nextension XPager: Pages {\n    /// The type of the items.\n    public typealias Item = X\n}\n";
        assert!(
            text.contains("\nextension AsyncXPager: AsyncPages {\n") && text.ends_with(blocking),
            "{text}"
        );
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish("open class XPager: P {\nopen func nextPage() -> [X]\n}\n".into()).is_err());
        assert!(finish(String::new()).is_err());
    }
}
