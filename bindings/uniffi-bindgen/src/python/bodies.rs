//! Function bodies: lowering the arguments, calling the native library, lifting the result.
//!
//! UniFFI assigns each step to a variable. Written as one expression, several hundred functions are easier to read and
//! load faster.

use std::error::Error;

use crate::edit::Edited;

const LOWERED: &str = "_uniffi_lowered_args = (";
const LIFT: &str = "_uniffi_lift_return = ";
const ERROR: &str = "_uniffi_error_converter = ";
const NOTHING: &str = "lambda val: None";

/// Rewrites the native calls in the text of functions; all other lines are unchanged.
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
    result: ResultUse,
}

/// How a call uses its result.
#[derive(Default)]
enum ResultUse {
    #[default]
    Unknown,
    /// Lifts and returns it.
    Lifted,
    /// Stores it as the handle of `self`.
    Handle,
    /// Returns a new instance with it as the handle.
    Instance,
    /// Awaits, lifts and returns it; holds the kind of the future.
    Awaited(String),
}

impl Call {
    /// Reads the lines of a call after its first line.
    fn read<'a>(indent: &str, lines: &mut impl Iterator<Item = &'a str>) -> Result<Self, Box<dyn Error>> {
        let mut call = Self::default();
        let nested = format!("{indent}    ");
        let mut awaited = false;
        for line in lines {
            let unknown = || format!("unknown step of a call: {line}");
            if let Some(argument) = line.strip_prefix(&nested) {
                let argument = argument.strip_suffix(',').ok_or_else(unknown)?;
                call.read_nested(argument, awaited).ok_or_else(unknown)?;
                continue;
            }
            let step = line.strip_prefix(indent).ok_or_else(unknown)?;
            match step {
                "return _uniffi_lift_return(_uniffi_ffi_result)" => call.result = ResultUse::Lifted,
                "return cls._uniffi_make_instance(_uniffi_ffi_result)" => call.result = ResultUse::Instance,
                "self._handle = _uniffi_ffi_result" => call.result = ResultUse::Handle,
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
            if !matches!(call.result, ResultUse::Unknown | ResultUse::Awaited(_)) {
                return Ok(call);
            }
        }
        Err("a call does not use its result".into())
    }

    /// Reads an argument of one of the nested calls.
    fn read_nested(&mut self, text: &str, awaited: bool) -> Option<()> {
        let function = text.strip_prefix("_UniffiLib.");
        match function {
            Some(function) if awaited => {
                if let Some(kind) = function.strip_prefix("ffi_scalekit_rust_future_poll_") {
                    self.result = ResultUse::Awaited(kind.to_owned());
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
        let Self { arguments, function, lift, error, result } = self;
        if function.is_empty() || lift.is_empty() || error.is_empty() {
            return Err(format!("incomplete call: {function}").into());
        }
        let function = format!("_UniffiLib.{function}");
        let arguments = arguments.join(", ");
        let call = match result {
            ResultUse::Awaited(kind) => {
                format!("await _await_call({error}, {function}({arguments}), \"{kind}\")")
            }
            _ if arguments.is_empty() => format!("_uniffi_rust_call_with_error({error}, {function})"),
            _ => format!("_uniffi_rust_call_with_error({error}, {function}, {arguments})"),
        };
        Ok(match result {
            ResultUse::Unknown => return Err(format!("a call does not use its result: {function}").into()),
            ResultUse::Handle => format!("self._handle = {call}"),
            ResultUse::Instance => format!("return cls._uniffi_make_instance({call})"),
            ResultUse::Lifted | ResultUse::Awaited(_) if lift == NOTHING => call,
            ResultUse::Lifted | ResultUse::Awaited(_) => format!("return {lift}({call})"),
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
    fn blocking_call_becomes_one_expression() {
        let call = "_uniffi_rust_call_with_error(E, _UniffiLib.x_f, self._clone(), C.lower(a))";
        assert_eq!(rewrite(BLOCKING).unwrap(), format!("def f(self):\n    return C.lift({call})\n"));
        let constructor = BLOCKING
            .replace("return _uniffi_lift_return(_uniffi_ffi_result)", "self._handle = _uniffi_ffi_result");
        assert_eq!(rewrite(&constructor).unwrap(), format!("def f(self):\n    self._handle = {call}\n"));
        let nothing = BLOCKING.replace("C.lift", "lambda val: None");
        assert_eq!(rewrite(&nothing).unwrap(), format!("def f(self):\n    {call}\n"));
    }

    #[test]
    fn awaited_call_names_its_future_kind() {
        let call = "await _await_call(E, _UniffiLib.x_f(self._clone()), \"void\")";
        assert_eq!(rewrite(AWAITED).unwrap(), format!("async def f(self):\n    {call}\n"));
    }

    #[test]
    fn unknown_call_shape_is_rejected() {
        for text in [BLOCKING, AWAITED] {
            for line in text.lines().skip(3).filter(|line| line.ends_with([',', '('])) {
                assert!(rewrite(&text.replace(line, &format!("{line}?"))).is_err(), "{line}");
            }
        }
        assert!(rewrite(&BLOCKING.replace("    return _uniffi_lift", "    return lift")).is_err());
    }
}
