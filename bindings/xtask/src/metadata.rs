//! UniFFI's metadata in a library: the interface with its documentation, which only the generator reads.

use std::path::Path;

use goblin::elf::Elf;
use goblin::elf::section_header::{SHT_NOBITS, SectionHeader};

use crate::shell::Result;

/// The prefix of the symbols of the metadata.
const PREFIX: &str = "UNIFFI_META_";

/// Overwrites the metadata of a library that ships with zeros, which compress to nothing. The symbols remain, and libraries
/// in other formats than ELF are unchanged.
pub fn erase(library: &Path) -> Result {
    let mut bytes = std::fs::read(library)?;
    if bytes.starts_with(b"\x7fELF") {
        for (start, length) in places(&Elf::parse(&bytes)?) {
            bytes.get_mut(start..start + length).ok_or("metadata is outside of its library")?.fill(0);
        }
        std::fs::write(library, bytes)?;
    }
    Ok(())
}

/// The positions and lengths of the metadata in the file.
fn places(library: &Elf) -> Vec<(usize, usize)> {
    let symbols = library.dynsyms.iter();
    let metadata = symbols.filter(|symbol| {
        library.dynstrtab.get_at(symbol.st_name).is_some_and(|name| name.starts_with(PREFIX))
    });
    metadata
        .filter_map(|symbol| {
            let holds = |section: &&SectionHeader| {
                section.sh_type != SHT_NOBITS
                    && (section.sh_addr..section.sh_addr + section.sh_size).contains(&symbol.st_value)
            };
            let section = library.section_headers.iter().find(holds)?;
            let start = section.sh_offset + symbol.st_value - section.sh_addr;
            Some((usize::try_from(start).ok()?, usize::try_from(symbol.st_size).ok()?))
        })
        .collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn only_metadata_is_erased() {
        let folder = std::env::temp_dir().join(format!("metadata-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (source, library) = (folder.join("library.c"), folder.join("library.so"));
        let text = "const char UNIFFI_META_x[] = \"private docs\";\nconst char other[] = \"public text\";\n";
        std::fs::write(&source, text).unwrap();
        let mut compile = Command::new("cc");
        assert!(compile.args(["-shared", "-o"]).args([&library, &source]).status().unwrap().success());
        let contains = |text: &str| {
            let bytes = std::fs::read(&library).unwrap();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        };
        assert!(contains("private docs") && contains("public text"));
        erase(&library).unwrap();
        assert!(!contains("private docs") && contains("public text") && contains("UNIFFI_META_x"));
        std::fs::write(&library, "another format").unwrap();
        erase(&library).unwrap();
        assert!(contains("another format"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
