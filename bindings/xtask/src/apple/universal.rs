//! Archives for several processors in one file, as `lipo` writes it.

use super::slice::Target;

const MAGIC: u32 = 0xcafe_babe;
const HEADER: usize = 8;
const ENTRY: usize = 20;

/// Archives start at a multiple of 8 bytes: 2 to the power of this.
const ALIGNMENT: u32 = 3;

/// Joins archives of different processors. A single one is unchanged.
pub fn join(archives: &[(&Target, Vec<u8>)]) -> Result<Vec<u8>, std::num::TryFromIntError> {
    if let [(_, archive)] = archives {
        return Ok(archive.clone());
    }
    let mut header = [MAGIC, u32::try_from(archives.len())?].map(u32::to_be_bytes).concat();
    let mut contents = Vec::new();
    let start = align(HEADER + ENTRY * archives.len());
    for (target, archive) in archives {
        let offset = start + contents.len();
        let entry =
            [target.cpu, subtype(target), u32::try_from(offset)?, u32::try_from(archive.len())?, ALIGNMENT];
        header.extend(entry.map(u32::to_be_bytes).concat());
        contents.extend(archive);
        contents.resize(align(contents.len()), 0);
    }
    header.resize(start, 0);
    header.extend(contents);
    Ok(header)
}

/// All processors of the kind.
fn subtype(target: &Target) -> u32 {
    if target.arch == "x86_64" { 3 } else { 0 }
}

fn align(size: usize) -> usize {
    size.next_multiple_of(1 << ALIGNMENT)
}

#[cfg(test)]
mod tests {
    use goblin::mach::MultiArch;

    use super::*;
    use crate::apple::slice::SLICES;

    #[test]
    fn each_processor_has_its_archive() {
        let targets = SLICES[0].targets;
        let archives = [(&targets[0], b"for ARM".to_vec()), (&targets[1], b"for Intel".to_vec())];
        let joined = join(&archives).unwrap();
        let parsed = MultiArch::new(&joined).unwrap();
        for ((target, archive), entry) in archives.iter().zip(parsed.iter_arches()) {
            let entry = entry.unwrap();
            assert_eq!((entry.cputype, entry.slice(&joined)), (target.cpu, &archive[..]));
            assert_eq!(entry.offset % 8, 0);
        }
        assert_eq!(join(&archives[..1]).unwrap(), archives[0].1);
    }
}
