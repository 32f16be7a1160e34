//! Removes the symbol versions that a library requires, so that it loads with libraries that have other versions.

use goblin::elf::Elf;
use goblin::elf::dynamic::{DT_VERNEED, DT_VERNEEDNUM, DT_VERSYM};
use goblin::elf::program_header::PT_DYNAMIC;

use crate::shell::Result;

/// The tag that takes the place of the others, and that loaders ignore in a library: `DT_DEBUG`.
const IGNORED: u64 = 21;

/// The size of an entry of a 64-bit library: a tag and a value.
const ENTRY: usize = 16;

/// A copy of a 64-bit library whose symbols are required without versions.
pub fn unversioned(library: &[u8]) -> Result<Vec<u8>> {
    let elf = Elf::parse(library)?;
    let dynamic = elf.program_headers.iter().find(|header| header.p_type == PT_DYNAMIC);
    let dynamic = dynamic.ok_or("the library has no dynamic section")?.file_range();
    let mut copy = library.to_vec();
    let entries = copy.get_mut(dynamic).ok_or("the dynamic section is outside of its library")?;
    for entry in entries.chunks_exact_mut(ENTRY) {
        let (tag, value) = entry.split_at_mut(ENTRY / 2);
        if [DT_VERSYM, DT_VERNEED, DT_VERNEEDNUM].iter().any(|version| tag == version.to_le_bytes()) {
            tag.copy_from_slice(&IGNORED.to_le_bytes());
            value.fill(0);
        }
    }
    Ok(copy)
}

#[cfg(all(test, target_os = "linux", target_pointer_width = "64"))]
mod tests {
    use super::*;

    /// This test program requires versions of glibc's symbols.
    #[test]
    fn versions_are_removed() {
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let versions = |bytes: &[u8]| {
            let elf = Elf::parse(bytes).unwrap();
            let dynamic = elf.dynamic.unwrap();
            dynamic.dyns.iter().filter(|entry| [DT_VERSYM, DT_VERNEED].contains(&entry.d_tag)).count()
        };
        assert_eq!(versions(&program), 2);
        assert_eq!(versions(&unversioned(&program).unwrap()), 0);
    }
}
