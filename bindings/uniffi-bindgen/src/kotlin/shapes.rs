//! The shapes of native functions: the types of their arguments and of their result.

use uniffi_bindgen::interface::{FfiFunction, FfiType};

use super::Result;

#[path = "../../../ffi/src/shape.rs"]
mod shape;

macro_rules! texts {
    ($($shape:literal => $function:ty,)*) => { &[$($shape),*] };
}

/// The shapes that the native library can call.
const KNOWN: &[&str] = shape::shapes!(texts);

/// The number of a function's shape, and its text.
pub fn of(function: &FfiFunction) -> Result<(u64, String)> {
    let letters =
        function.arguments().iter().map(|argument| letter(&argument.type_())).collect::<Result<String>>()?;
    let status = if function.has_rust_call_status_arg() { "s" } else { "" };
    let result = function.return_type().map_or(Ok('v'), letter)?;
    let text = format!("{letters}{status}>{result}");
    if !KNOWN.contains(&text.as_str()) {
        return Err(format!("{}: add its shape {text} to bindings/ffi/src/shape.rs", function.name()).into());
    }
    Ok((shape::code(&text), text))
}

fn letter(of: &FfiType) -> Result<char> {
    Ok(match of {
        FfiType::Handle | FfiType::UInt64 | FfiType::Int64 => 'l',
        FfiType::Int8 => 'b',
        FfiType::RustBuffer(_) => 'B',
        FfiType::ForeignBytes => 'F',
        other => return Err(format!("unsupported type {other:?}").into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_of_an_unknown_shape_is_rejected() {
        let mut function = FfiFunction::default();
        let mut init = |result, count: usize| {
            let arguments = (0..count)
                .map(|at| uniffi_bindgen::interface::FfiArgument::new(format!("a{at}"), FfiType::Handle));
            function.init(result, arguments);
            of(&function)
        };
        assert_eq!(init(Some(FfiType::Handle), 1).unwrap(), (0x282, "ls>l".to_owned()));
        assert!(init(Some(FfiType::Handle), 9).is_err());
        assert!(init(Some(FfiType::Float32), 1).is_err());
    }
}
