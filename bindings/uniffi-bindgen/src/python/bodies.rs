//! What stands in a function: what is lowered, called, lifted.
//!
//! UniFFI gives each step a name of its own; several hundred functions read and load faster when a call is one
//! expression.

use std::error::Error;

use crate::edit::Edited;

const LOWERED: &str = "_uniffi_lowered_args = (";
const LIFT: &str = "_uniffi_lift_return = ";
const ERROR: &str = "_uniffi_error_converter = ";
const NOTHING: &str = "lambda val: None";

/// Writes the calls in the text of functions anew; all other lines stay.
pub fn rewrite(text: &str) -> Edited {
    let mut edited = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_start() == LOWERED {
            let indent = &line[..line.len() - LOWERED.len()];
            edited.push_str(&format!("{indent}{}\n", Call::read(indent, &mut lines)?.write()?));
        } else {
            edited.push_str(line);
            edited.push('\n');
        }
    }
    Ok(edited)
}

/// A call of the native library.
#[derive(Default)]
struct Call {
    arguments: Vec<String>,
    function: String,
    lift: String,
    error: String,
    /// What becomes of the result, or for one that is awaited the kind of its future.
    end: End,
}

#[derive(Default)]
enum End {
    #[default]
    Unknown,
    Lifted,
    Kept,
    Made,
    Awaited(String),
}

impl Call {
    /// Reads the lines after the first, up to the last of the call.
    fn read<'a>(indent: &str, lines: &mut impl Iterator<Item = &'a str>) -> Result<Self, Box<dyn Error>> {
        let mut call = Self::default();
        let deeper = format!("{indent}    ");
        let mut awaited = false;
        for line in lines {
            let unknown = || format!("a step of a call that the generator did not write before: {line}");
            if let Some(argument) = line.strip_prefix(&deeper) {
                let argument = argument.strip_suffix(',').ok_or_else(unknown)?;
                call.read_deeper(argument, awaited).ok_or_else(unknown)?;
                continue;
            }
            let step = line.strip_prefix(indent).ok_or_else(unknown)?;
            match step {
                "return _uniffi_lift_return(_uniffi_ffi_result)" => call.end = End::Lifted,
                "return cls._uniffi_make_instance(_uniffi_ffi_result)" => call.end = End::Made,
                "self._handle = _uniffi_ffi_result" => call.end = End::Kept,
                "return await _uniffi_rust_call_async(" => awaited = true,
                "_uniffi_ffi_result = _uniffi_rust_call_with_error(" => {}
                ")" if !awaited => {}
                ")" => return Ok(call),
                _ => {
                    let (field, value) = if let Some(value) = step.strip_prefix(LIFT) {
                        (&mut call.lift, value)
                    } else if let Some(value) = step.strip_prefix(ERROR) {
                        (&mut call.error, value)
                    } else {
                        return Err(unknown().into());
                    };
                    value.clone_into(field);
                }
            }
            if !matches!(call.end, End::Unknown | End::Awaited(_)) {
                return Ok(call);
            }
        }
        Err("a call without an end".into())
    }

    /// An argument of one of the calls that it consists of.
    fn read_deeper(&mut self, text: &str, awaited: bool) -> Option<()> {
        let function = text.strip_prefix("_UniffiLib.");
        match function {
            Some(function) if awaited => {
                if let Some(kind) = function.strip_prefix("ffi_scalekit_rust_future_poll_") {
                    self.end = End::Awaited(kind.to_owned());
                } else if let Some(function) = function.strip_suffix("(*_uniffi_lowered_args)") {
                    function.clone_into(&mut self.function);
                } else if !function.starts_with("ffi_scalekit_rust_future_") {
                    return None;
                }
            }
            Some(function) => function.clone_into(&mut self.function),
            None if self.error.is_empty() => self.arguments.push(text.to_owned()),
            None => {
                let steps = ["_uniffi_error_converter", "_uniffi_lift_return", "*_uniffi_lowered_args"];
                return steps.contains(&text).then_some(());
            }
        }
        Some(())
    }

    fn write(&self) -> Edited {
        let Self { arguments, function, lift, error, end } = self;
        if function.is_empty() || lift.is_empty() || error.is_empty() {
            return Err(format!("a call that lacks something: {function}").into());
        }
        let function = format!("_UniffiLib.{function}");
        let arguments = arguments.join(", ");
        let call = match end {
            End::Awaited(kind) => format!("await _awaited({error}, {function}({arguments}), \"{kind}\")"),
            _ if arguments.is_empty() => format!("_uniffi_rust_call_with_error({error}, {function})"),
            _ => format!("_uniffi_rust_call_with_error({error}, {function}, {arguments})"),
        };
        Ok(match end {
            End::Unknown => return Err(format!("a call without an end: {function}").into()),
            End::Kept => format!("self._handle = {call}"),
            End::Made => format!("return cls._uniffi_make_instance({call})"),
            End::Lifted | End::Awaited(_) if lift == NOTHING => call,
            End::Lifted | End::Awaited(_) => format!("return {lift}({call})"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCKING: &str = "def f(self):\n    _uniffi_lowered_args = (\n        self._clone(),\n        C.lower(a),\n    )\n    \
        _uniffi_lift_return = C.lift\n    _uniffi_error_converter = E\n    \
        _uniffi_ffi_result = _uniffi_rust_call_with_error(\n        _uniffi_error_converter,\n        \
        _UniffiLib.x_f,\n        *_uniffi_lowered_args,\n    )\n    \
        return _uniffi_lift_return(_uniffi_ffi_result)\n";

    const AWAITED: &str = "async def f(self):\n    _uniffi_lowered_args = (\n        self._clone(),\n    )\n    \
        _uniffi_lift_return = lambda val: None\n    _uniffi_error_converter = E\n    \
        return await _uniffi_rust_call_async(\n        _UniffiLib.x_f(*_uniffi_lowered_args),\n        \
        _UniffiLib.ffi_scalekit_rust_future_poll_void,\n        \
        _UniffiLib.ffi_scalekit_rust_future_complete_void,\n        \
        _UniffiLib.ffi_scalekit_rust_future_free_void,\n        _uniffi_lift_return,\n        \
        _uniffi_error_converter,\n    )\n";

    #[test]
    fn a_call_becomes_one_expression() {
        let call = "_uniffi_rust_call_with_error(E, _UniffiLib.x_f, self._clone(), C.lower(a))";
        assert_eq!(rewrite(BLOCKING).unwrap(), format!("def f(self):\n    return C.lift({call})\n"));
        let kept = BLOCKING
            .replace("return _uniffi_lift_return(_uniffi_ffi_result)", "self._handle = _uniffi_ffi_result");
        assert_eq!(rewrite(&kept).unwrap(), format!("def f(self):\n    self._handle = {call}\n"));
        let nothing = BLOCKING.replace("C.lift", "lambda val: None");
        assert_eq!(rewrite(&nothing).unwrap(), format!("def f(self):\n    {call}\n"));
    }

    #[test]
    fn an_awaited_call_names_the_kind_of_its_future() {
        let call = "await _awaited(E, _UniffiLib.x_f(self._clone()), \"void\")";
        assert_eq!(rewrite(AWAITED).unwrap(), format!("async def f(self):\n    {call}\n"));
    }

    #[test]
    fn a_call_of_another_shape_is_refused() {
        for text in [BLOCKING, AWAITED] {
            for line in text.lines().skip(3).filter(|line| line.ends_with([',', '('])) {
                assert!(rewrite(&text.replace(line, &format!("{line}?"))).is_err(), "{line}");
            }
        }
        assert!(rewrite(&BLOCKING.replace("    return _uniffi_lift", "    return lift")).is_err());
    }
}
