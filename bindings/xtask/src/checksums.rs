//! Checksums of files to publish, in the format of `sha256sum`.

use std::path::Path;

use crate::python::venv::Venv;
use crate::shell::{Result, Shell};

/// The file with the checksums of its folder.
pub const FILE: &str = "SHA256SUMS";

/// Prints the checksums of the files in a folder whose names end in one of the endings. Not every system has `sha256sum`.
const SUM: &str = "\
import hashlib, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    if path.is_file() and path.name.endswith(tuple(sys.argv[2:])):
        print(hashlib.sha256(path.read_bytes()).hexdigest() + '  ' + path.name)
";

/// Writes the checksums of the files in a folder with these endings into `SHA256SUMS`.
pub fn write(shell: &Shell, folder: &Path, endings: &[&str]) -> Result {
    let mut sum = Venv::bare(shell)?.python(shell);
    let text = shell.output(sum.args(["-c", SUM]).arg(folder).args(endings))?;
    Ok(std::fs::write(folder.join(FILE), text + "\n")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_the_endings_are_summed_in_order() {
        let folder = std::env::temp_dir().join(format!("checksums-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in [("b.zip", "abc"), ("a.zip", ""), ("c.log", "")] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        write(&Shell::new().unwrap(), &folder, &[".zip"]).unwrap();
        // The first test vectors of FIPS 180.
        let expected = "\
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.zip\n\
            ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b.zip\n";
        assert_eq!(std::fs::read_to_string(folder.join(FILE)).unwrap(), expected);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
