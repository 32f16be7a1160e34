//! The functions of the native library: what UniFFI writes as thousands of assignments becomes one table, which is
//! looked into when a function is first used.

use std::collections::HashMap;
use std::error::Error;

/// What ctypes knows a type as, and the letter that stands for it in the table.
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

/// What the module has to know of the library.
#[derive(Debug, PartialEq)]
pub struct Library {
    /// The version of UniFFI's way to call.
    contract: String,
    functions: Vec<Function>,
    /// By the name of a function, a number that changes with its arguments, result and words.
    checksums: HashMap<String, String>,
}

#[derive(Debug, PartialEq)]
struct Function {
    name: String,
    arguments: String,
    result: char,
}

impl Library {
    /// Reads the checks and prototypes as UniFFI writes them; a line that it did not write before is refused.
    pub fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        let (checks, prototypes) =
            text.split_once("\n_UniffiLib = _uniffi_load_indirect()\n").ok_or("no library is loaded")?;
        let (prototypes, rest) =
            prototypes.split_once("\n_uniffi_check_contract_api_version(").ok_or("no version is checked")?;
        if rest.contains(".argtypes") {
            return Err("prototypes after the checks".into());
        }
        let mut library =
            Self { contract: String::new(), functions: Vec::new(), checksums: checksums(checks)? };
        let contract =
            checks.lines().find_map(|line| line.trim().strip_prefix("bindings_contract_version = "));
        contract.ok_or("no version of the contract")?.clone_into(&mut library.contract);
        library.read_prototypes(prototypes)?;
        for name in library.checksums.keys() {
            if !library
                .functions
                .iter()
                .any(|function| function.name == name.replacen("_checksum_", "_fn_", 1))
            {
                return Err(format!("a checksum of nothing: {name}").into());
            }
        }
        Ok(library)
    }

    fn read_prototypes(&mut self, text: &str) -> Result<(), Box<dyn Error>> {
        let mut arguments = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let unknown = || format!("a prototype that the generator did not write before: {line}");
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
                // The callback's own arguments stand on lines like those of a function.
                if argument != ")" && arguments.is_some() {
                    arguments.as_mut().ok_or_else(unknown)?.1.push(letter(argument)?);
                }
            }
        }
        Ok(())
    }

    /// The table, as Python.
    pub fn write(&self) -> String {
        let mut text = format!("_CONTRACT = {}\n", self.contract);
        text.push_str(
            "\n# A function to a line: its name, arguments, result, and checksum.\n_FUNCTIONS = \"\"\"\n",
        );
        for Function { name, arguments, result } in &self.functions {
            let checksum = self.checksums.get(&name.replacen("_fn_", "_checksum_", 1));
            let checksum = checksum.map_or("-", String::as_str);
            // The first letter is for nothing: a function without arguments has something there, too.
            text.push_str(&format!("{name} ={arguments} {result} {checksum}\n"));
        }
        text + "\"\"\"\n"
    }
}

/// `if lib.NAME() != NUMBER:`.
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
    found.map(|(_, letter)| *letter).ok_or_else(|| format!("an unknown type of an argument: {name}"))
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
    fn functions_become_a_table() {
        let text = Library::read(TEXT).unwrap().write();
        assert!(text.starts_with("_CONTRACT = 30\n"), "{text}");
        assert!(text.ends_with("_FUNCTIONS = \"\"\"\nx_fn_f =QB - 7\ng = b -\n\"\"\"\n"), "{text}");
    }

    #[test]
    fn what_is_not_known_is_refused() {
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
