//! Compares the ABI of the C library with that of another revision, by its header: `abidiff` of libabigail.
//!
//! It reads debug information, which the library itself has only for lines. A library of empty functions with the same
//! declarations has all of it.

use std::path::{Path, PathBuf};

use super::header::HEADER;
use crate::files;
use crate::shell::{Missing, Result, Shell};

const FOLDER: &str = "target/c/abi";

/// Fails if programs that were compiled with the header of `revision` do not work with this library.
pub fn compare(shell: &Shell, revision: &str) -> Result {
    shell.require("gcc", "it compiles the declarations of the header")?;
    shell.require("abidiff", "it compares ABIs; Debian's package is abigail-tools")?;
    let Ok(old) = shell.output(shell.command("git").args(["show", &format!("{revision}:{HEADER}")])) else {
        return Err(Missing(format!("{revision} has no header of the C library")).into());
    };
    files::recreate(&shell.root.join(FOLDER))?;
    let old = library(shell, "old", &old)?;
    let new = library(shell, "new", &std::fs::read_to_string(shell.root.join(HEADER))?)?;
    different(shell, &old, &new)
}

/// New functions and enumerators are compatible. Other changes are errors.
fn different(shell: &Shell, old: &Path, new: &Path) -> Result {
    let mut compare = shell.command("abidiff");
    shell.run(compare.args(["--no-added-syms", "--fail-no-debug-info"]).arg(old).arg(new))
}

/// Compiles a library with the functions of a header, and returns its path.
fn library(shell: &Shell, name: &str, header: &str) -> Result<PathBuf> {
    let folder = shell.root.join(FOLDER);
    let (source, library) = (folder.join(format!("{name}.c")), folder.join(format!("{name}.so")));
    std::fs::write(&source, definitions(header))?;
    let mut compile = shell.command("gcc");
    compile.args(["-std=c11", "-g", "-shared", "-fPIC", "-w", "-o"]).arg(&library).arg(source);
    shell.run(&mut compile)?;
    Ok(library)
}

/// The header with a body for each function.
fn definitions(header: &str) -> String {
    let mut text = String::new();
    let mut is_function = false;
    for line in header.lines() {
        // A declaration may continue on indented lines. Those of types and comments start differently.
        if line.contains("scalekit_")
            && line.contains('(')
            && line.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            is_function = !line.starts_with("typedef");
        }
        let end = line.strip_suffix(");").filter(|_| is_function);
        text += &end.map_or_else(|| line.to_owned(), |start| format!("{start}) {{ __builtin_trap(); }}"));
        text.push('\n');
        is_function &= !line.ends_with(';');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "\
/**
 * Calls scalekit_call(client);
 */
typedef void (*scalekit_callback)(void *user_data,
                                  int result);
typedef enum scalekit_kind { SCALEKIT_OK = 0 } scalekit_kind;
enum scalekit_kind scalekit_call(const char *name,
                                 const char *arguments);
const char *scalekit_version(void);
";

    #[test]
    fn functions_get_bodies_and_types_do_not() {
        let text = definitions(HEADER);
        assert_eq!(text.matches("__builtin_trap").count(), 2, "{text}");
        assert!(text.contains("const char *arguments) { __builtin_trap(); }\n"), "{text}");
        assert!(text.contains("int result);\n"), "{text}");
    }
}
