//! The functions of the native library. UniFFI declares them in thousands of assignments; here they become one table,
//! in which the module looks up a function on first use.

use std::collections::HashMap;
use std::error::Error;

/// The ctypes name of each type, and its letter in the table.
const TYPES: [(&str, char); 15] = [
    ("None", '-'),
    ("_UniffiRustBuffer", 'B'),
    ("_UniffiForeignBytes", 'F'),
    ("ctypes.POINTER(_UniffiRustCallStatus)", 'S'),
    ("_UNIFFI_RUST_FUTURE_CONTINUATION_CALLBACK", 'C'),
    ("ctypes.c_int8", 'b'),
    ("ctypes.c_uint8", 'u'),
    ("ctypes.c_int16", 'h'),
    ("ctypes.c_uint16", 'H'),
    ("ctypes.c_int32", 'i'),
    ("ctypes.c_uint32", 'I'),
    ("ctypes.c_int64", 'q'),
    ("ctypes.c_uint64", 'Q'),
    ("ctypes.c_float", 'f'),
    ("ctypes.c_double", 'd'),
];

/// The declarations of the native library.
#[derive(Debug, PartialEq)]
pub struct Library {
    /// The version of UniFFI's calling contract.
    contract: String,
    functions: Vec<Function>,
    /// By function name: a checksum over its signature and documentation.
    checksums: HashMap<String, String>,
}

#[derive(Debug, PartialEq)]
struct Function {
    name: String,
    arguments: String,
    result: char,
}

impl Library {
    /// Reads UniFFI's checks and prototypes. Fails on lines of an unknown form.
    pub fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        let (checks, prototypes) =
            text.split_once("\n_UniffiLib = _uniffi_load_indirect()\n").ok_or("the library is not loaded")?;
        let (prototypes, rest) = prototypes
            .split_once("\n_uniffi_check_contract_api_version(")
            .ok_or("the contract version is not checked")?;
        if rest.contains(".argtypes") {
            return Err("prototypes after the checks".into());
        }
        let mut library =
            Self { contract: String::new(), functions: Vec::new(), checksums: checksums(checks)? };
        let contract =
            checks.lines().find_map(|line| line.trim().strip_prefix("bindings_contract_version = "));
        contract.ok_or("no contract version")?.clone_into(&mut library.contract);
        library.read_prototypes(prototypes)?;
        for name in library.checksums.keys() {
            if !library
                .functions
                .iter()
                .any(|function| function.name == name.replacen("_checksum_", "_fn_", 1))
            {
                return Err(format!("checksum of an unknown function: {name}").into());
            }
        }
        Ok(library)
    }

    fn read_prototypes(&mut self, text: &str) -> Result<(), Box<dyn Error>> {
        let mut arguments = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let unknown = || format!("unknown prototype: {line}");
            if let Some(name) = line.strip_suffix(".argtypes = (") {
                arguments = Some((name, String::new()));
            } else if let Some((name, result)) = line.split_once(".restype = ") {
                let (of, arguments) = arguments.take().filter(|(of, _)| *of == name).ok_or_else(unknown)?;
                let name = of.strip_prefix("_UniffiLib.").ok_or_else(unknown)?.to_owned();
                if !name.contains("_checksum_") {
                    self.functions.push(Function { name, arguments, result: letter(result)? });
                }
            } else if line != ")" && !line.starts_with("_UNIFFI_RUST_FUTURE_CONTINUATION_CALLBACK = ") {
                let argument = line.strip_suffix(',').ok_or_else(unknown)?;
                // The arguments of the callback type have the same form as those of a function.
                if argument != ")" && arguments.is_some() {
                    arguments.as_mut().ok_or_else(unknown)?.1.push(letter(argument)?);
                }
            }
        }
        Ok(())
    }

    /// Writes the table as Python.
    pub fn write(&self) -> String {
        let mut text = format!("_CONTRACT = {}\n", self.contract);
        text.push_str("\n# One function per line: name, arguments, result, checksum.\n_FUNCTIONS = \"\"\"\n");
        for Function { name, arguments, result } in &self.functions {
            let checksum = self.checksums.get(&name.replacen("_fn_", "_checksum_", 1));
            let checksum = checksum.map_or("-", String::as_str);
            // The `=` makes the column non-empty for functions without arguments.
            text.push_str(&format!("{name} ={arguments} {result} {checksum}\n"));
        }
        text + "\"\"\"\n"
    }
}

/// Reads lines of the form `if lib.NAME() != NUMBER:`.
fn checksums(text: &str) -> Result<HashMap<String, String>, Box<dyn Error>> {
    let checks = text.lines().filter_map(|line| line.strip_prefix("    if lib."));
    let found: Option<HashMap<_, _>> = checks
        .map(|check| check.strip_suffix(':')?.split_once("() != "))
        .map(|check| check.map(|(name, number)| (name.to_owned(), number.to_owned())))
        .collect();
    found.filter(|found| !found.is_empty()).ok_or_else(|| "no checksums".into())
}

fn letter(name: &str) -> Result<char, String> {
    let found = TYPES.iter().find(|(known, _)| *known == name);
    found.map(|(_, letter)| *letter).ok_or_else(|| format!("unknown argument type: {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "    bindings_contract_version = 30\n    if lib.x_checksum_f() != 7:\n        raise\n\n\
                        _UniffiLib = _uniffi_load_indirect()\n\
                        _UniffiLib.x_fn_f.argtypes = (\n    ctypes.c_uint64,\n    _UniffiRustBuffer,\n)\n\
                        _UniffiLib.x_fn_f.restype = None\n\
                        _UniffiLib.x_checksum_f.argtypes = (\n)\n\
                        _UniffiLib.x_checksum_f.restype = ctypes.c_uint16\n\
                        _UniffiLib.g.argtypes = (\n)\n_UniffiLib.g.restype = ctypes.c_int8\n\n\
                        _uniffi_check_contract_api_version(_UniffiLib)\n";

    #[test]
    fn functions_become_table() {
        let text = Library::read(TEXT).unwrap().write();
        assert!(text.starts_with("_CONTRACT = 30\n"), "{text}");
        assert!(text.ends_with("_FUNCTIONS = \"\"\"\nx_fn_f =QB - 7\ng = b -\n\"\"\"\n"), "{text}");
    }

    #[test]
    fn unknown_declaration_is_rejected() {
        for (from, to) in [
            ("ctypes.c_uint64", "ctypes.c_size_t"),
            ("_UniffiLib.g.restype", "_UniffiLib.h.restype"),
            ("x_checksum_f() != 7", "x_checksum_h() != 7"),
            ("    if lib.", "    if not lib."),
            ("bindings_contract_version = 30", "bindings_contract_version: int = 30"),
            ("_UniffiLib.g.argtypes = (", "_UniffiLib.g.argtypes = []"),
        ] {
            assert!(Library::read(&TEXT.replace(from, to)).is_err(), "{to}");
        }
    }
}
