//! The listings of the generated surfaces (what users of each language see), and the README's table of operations.

use crate::shell::{Done, Shell};

/// A language, the file of its listing, and who writes it.
type Listing = (&'static str, fn(&Shell) -> Result<String, Box<dyn std::error::Error>>);

const LISTINGS: [Listing; 3] = [
    ("python.txt", crate::python::listing),
    ("kotlin.txt", crate::kotlin::listing),
    ("swift.txt", crate::swift::listing),
];

/// Writes the listings.
pub fn write(shell: &Shell) -> Done {
    for (file, listing) in LISTINGS {
        let path = shell.root.join("bindings/api").join(file);
        std::fs::create_dir_all(path.parent().ok_or("a listing has a folder")?)?;
        std::fs::write(path, listing(shell)?)?;
    }
    crate::table::write(shell)
}

/// Fails where a listing is not what would be written now.
pub fn check(shell: &Shell) -> Done {
    let mut stale = Vec::new();
    if !crate::table::is_current(shell)? {
        stale.push("README.md");
    }
    for (file, listing) in LISTINGS {
        let committed =
            std::fs::read_to_string(shell.root.join("bindings/api").join(file)).unwrap_or_default();
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
