//! Open enumerations: values print as their name, and `wireValue` is a property.

use crate::edit::{Edited, replace};

const METHOD: &str = " fun `wireValue`(): kotlin.String {";
/// The variant that only open enumerations have.
const UNKNOWN: &str = "    data class Unrecognized(";
const PROPERTY: &str = " val wireValue: kotlin.String get() {";

pub fn finish(text: String) -> Edited {
    let open = text.lines().filter(|line| line.starts_with(UNKNOWN)).count();
    let text = replace(text, open.max(1), METHOD, PROPERTY)?;
    let mut values = 0;
    let lines = text.split_inclusive('\n').map(|line| match line.strip_prefix("    object ") {
        Some(value) if line.trim_end().ends_with("()") => {
            values += 1;
            format!("    data object {value}")
        }
        _ => line.to_owned(),
    });
    let text = lines.collect();
    if values < open {
        Err(format!("found {open} open enumerations but only {values} values").into())
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "sealed class Feature {\n    object Sso : Feature()\n    \n    data class \
                          Unrecognized(val `value`: kotlin.String) : Feature()\n     */ fun `wireValue`(): \
                          kotlin.String {\n            return x\n    }\n}\n";

    #[test]
    fn enum_values_print_as_their_name() {
        let done = finish(SAMPLE.to_owned()).unwrap();
        assert!(done.contains("    data object Sso : Feature()\n"), "{done}");
        assert!(done.contains("*/ val wireValue: kotlin.String get() {\n"), "{done}");
    }

    #[test]
    fn enumerations_with_data_are_unchanged() {
        let other = "sealed class Data {\n    data class Unknown(val `raw`: Json) : Data()\n}\n";
        assert!(finish(format!("{SAMPLE}{other}")).unwrap().ends_with(other));
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(SAMPLE.replace("fun `wireValue`", "fun wireValue")).is_err());
        assert!(finish(SAMPLE.replace("    object", "    class")).is_err());
    }
}
