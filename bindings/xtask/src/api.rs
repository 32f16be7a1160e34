//! The listings of the generated surfaces, which users of each language see, and the README's table of operations.

use crate::shell::{Result, Shell};
use crate::{c, kotlin, operations, python, swift};

const FOLDER: &str = "bindings/api";

/// The file of a language's listing, and the function that generates it.
type Listing = (&'static str, fn(&Shell) -> Result<String>);

const LISTINGS: [Listing; 4] = [
    ("c.md", c::listing),
    ("python.txt", python::listing),
    ("kotlin.txt", kotlin::listing),
    ("swift.txt", swift::listing),
];

/// Writes the listings and the table.
pub fn write(shell: &Shell) -> Result {
    let folder = shell.root.join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    for (file, listing) in LISTINGS {
        std::fs::write(folder.join(file), listing(shell)?)?;
    }
    operations::write(shell)
}

/// Fails if a listing or the table is not what `write` would write.
pub fn check(shell: &Shell) -> Result {
    let mut stale = Vec::new();
    if !operations::is_current(shell)? {
        stale.push("README.md");
    }
    for (file, listing) in LISTINGS {
        let committed = std::fs::read_to_string(shell.root.join(FOLDER).join(file)).unwrap_or_default();
        if committed != listing(shell)? {
            stale.push(file);
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!("run `cargo xtask api` and review: {}", stale.join(", ")).into())
    }
}
