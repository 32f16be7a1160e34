//! UniFFI's metadata in a library: the interface with its documentation, which only the generator reads.

use std::ops::Range;
use std::path::Path;

use goblin::elf::section_header::{SHT_DYNSYM, SHT_NOBITS, SHT_STRTAB, SectionHeader};
use goblin::elf::{Elf, Sym};

use crate::shell::Result;

/// The prefix of the symbols of the metadata.
const PREFIX: &str = "UNIFFI_META_";

/// Overwrites the metadata of a library that ships, and its symbols with their names, with zeros, which compress to nothing.
/// Nothing looks these symbols up. Libraries in other formats than ELF are unchanged.
pub fn erase(library: &Path) -> Result {
    let mut bytes = std::fs::read(library)?;
    if bytes.starts_with(b"\x7fELF") {
        let elf = Elf::parse(&bytes)?;
        let erased = [places(&elf), names(&elf), entries(&elf)].concat();
        for (start, length) in erased {
            bytes.get_mut(start..start + length).ok_or("metadata is outside of its library")?.fill(0);
        }
        std::fs::write(library, bytes)?;
    }
    Ok(())
}

/// The symbols of the metadata, with their positions in the table.
fn symbols<'a>(library: &'a Elf) -> impl Iterator<Item = (usize, Sym)> + 'a {
    library.dynsyms.iter().enumerate().filter(|(_, symbol)| is_metadata(library, symbol))
}

fn is_metadata(library: &Elf, symbol: &Sym) -> bool {
    library.dynstrtab.get_at(symbol.st_name).is_some_and(|name| name.starts_with(PREFIX))
}

/// The positions and lengths of the metadata in the file.
fn places(library: &Elf) -> Vec<(usize, usize)> {
    symbols(library)
        .filter_map(|(_, symbol)| {
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

/// The positions and lengths in the file of the names that no other symbol shares. Linkers store a name that ends another
/// one only once.
fn names(library: &Elf) -> Vec<(usize, usize)> {
    let Some(table) = section(library, SHT_STRTAB) else { return Vec::new() };
    let others: Vec<_> = library.dynsyms.iter().filter(|symbol| !is_metadata(library, symbol)).collect();
    let is_shared = |range: Range<usize>| others.iter().any(|other| range.contains(&other.st_name));
    let metadata = symbols(library)
        .filter_map(|(_, symbol)| Some((symbol.st_name, library.dynstrtab.get_at(symbol.st_name)?.len())));
    let owned = metadata.filter(|(start, length)| !is_shared(*start..start + length));
    owned.map(|(start, length)| (table + start, length)).collect()
}

/// The positions and lengths in the file of what a symbol says of its name, address and size. Its kind stays, by which the
/// dynamic linker knows that it is defined.
fn entries(library: &Elf) -> Vec<(usize, usize)> {
    let Some(table) = section(library, SHT_DYNSYM) else { return Vec::new() };
    // (the size of an entry, and where its parts are)
    let (size, parts): (usize, &[(usize, usize)]) =
        if library.is_64 { (24, &[(0, 4), (8, 16)]) } else { (16, &[(0, 12)]) };
    symbols(library)
        .flat_map(|(index, _)| parts.iter().map(move |(at, length)| (table + index * size + at, *length)))
        .collect()
}

/// The position in the file of the table of this type that is loaded.
fn section(library: &Elf, kind: u32) -> Option<usize> {
    let loaded = |section: &&SectionHeader| section.sh_type == kind && section.sh_addr != 0;
    usize::try_from(library.section_headers.iter().find(loaded)?.sh_offset).ok()
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
        assert!(compile.args(["-shared", "-s", "-o"]).args([&library, &source]).status().unwrap().success());
        let contains = |text: &str| {
            let bytes = std::fs::read(&library).unwrap();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        };
        assert!(contains("private docs") && contains("public text"));
        erase(&library).unwrap();
        assert!(!contains("private docs") && contains("public text") && contains("other"));
        assert!(!contains("UNIFFI_META_x"));
        let bytes = std::fs::read(&library).unwrap();
        let elf = Elf::parse(&bytes).unwrap();
        let other = elf.dynsyms.iter().find(|s| elf.dynstrtab.get_at(s.st_name) == Some("other")).unwrap();
        assert!(other.st_value != 0 && other.st_size == 12);
        std::fs::write(&library, "another format").unwrap();
        erase(&library).unwrap();
        assert!(contains("another format"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
