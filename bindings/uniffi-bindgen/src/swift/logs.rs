//! Renames the record of log events, in place of which the package has a public type.

use crate::edit::Edited;
use crate::interface::RECORD_FOR_RUNTIMES;
use crate::swift::{text, values};

/// The name in the package's handwritten sources.
const RENAMED: &str = "CoreLogEvent";

pub fn finish(text: String) -> Edited {
    if !text.contains(&format!("struct {RECORD_FOR_RUNTIMES}:")) {
        return Err(format!("no record {RECORD_FOR_RUNTIMES}").into());
    }
    Ok(text::lines(&text, |line| values::written_out(line, RECORD_FOR_RUNTIMES, RENAMED)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_is_renamed_and_its_converter_is_not() {
        let text = "fileprivate struct LogEvent: Equatable {\n}\nfunc takeLogEvents() -> [LogEvent] {\n    \
                    FfiConverterTypeLogEvent.lift(x)\n}\n";
        let done = finish(text.to_owned()).unwrap();
        let expected = "fileprivate struct CoreLogEvent: Equatable {\n}\nfunc takeLogEvents() -> [CoreLogEvent] {\n    \
                        FfiConverterTypeLogEvent.lift(x)\n}\n";
        assert_eq!(done, expected);
        assert!(finish(done).is_err());
    }
}
