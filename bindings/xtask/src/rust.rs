//! Rust: tests of the core, the emulator and the examples.

use crate::build;
use crate::emulator::Emulator;
use crate::report;
use crate::shell::{Result, Shell};

/// Runs all parts, whatever the others return.
pub fn test(shell: &Shell) -> Result {
    report::all(&[
        // Of the core also what only the bindings use: its features are those that the whole workspace needs.
        ("tests", shell.cargo("test --workspace --no-fail-fast")),
        ("soak", crate::soak::test(shell)),
        ("models", crate::models::run(shell)),
        ("quickstart", quickstart(shell)),
    ])
}

fn quickstart(shell: &Shell) -> Result {
    let emulator = Emulator::start(shell)?;
    let mut quickstart = shell.command(build::example(shell, "quickstart")?);
    shell.run(emulator.configure(&mut quickstart))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without a slash at its start, a pattern of `include` matches in every folder, also in those that git ignores.
    #[test]
    fn published_crate_has_the_core_and_a_few_files_of_the_root() {
        let shell = Shell::new().unwrap();
        let mut list = shell.command(env!("CARGO"));
        list.args(["package", "--package", "scalekit", "--list", "--allow-dirty", "--locked", "--quiet"]);
        let files = shell.output(&mut list).unwrap();
        let others: Vec<_> =
            files.lines().filter(|file| file.contains('/') && !file.starts_with("core/")).collect();
        assert_eq!(others, [""; 0]);
        for name in ["core/src/lib.rs", "uniffi.toml", "README.md", "CHANGELOG.md", "LICENSE"] {
            assert!(files.lines().any(|file| file == name), "{name}");
        }
    }
}
