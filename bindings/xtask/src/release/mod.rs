//! `cargo xtask release`: what is published and this machine can build, in one folder, with an SBOM for each file and the
//! checksums of all.

mod part;
mod wheel;

use part::{Made, Part};

use crate::shell::{Missing, Result, Shell};
use crate::{checksums, files};

/// The folder of the files to publish.
const OUT: &str = "target/package/release";

/// The argument that stands for all parts.
const ALL: &str = "--all";

/// Builds these parts, or all with `--all`, and prints what it could not build. A part that this machine has no tools for
/// is a failure only with `CI=true`.
pub fn run(shell: &Shell, names: &[&str]) -> Result {
    let parts = if names == [ALL] { Part::all() } else { chosen(names)? };
    let folder = shell.root.join(OUT);
    if names == [ALL] {
        files::recreate(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut results = Results { ci: shell.ci, ..Results::default() };
    for part in parts {
        let name = part.name();
        eprintln!("\n===== {name} =====");
        results.add(name, part.build(shell).and_then(|made| collect(&folder, &made)));
    }
    checksums::write(shell, &folder, &part::ENDINGS)?;
    println!("{}\n\n{OUT} also contains {}", results.lines.join("\n"), checksums::FILE);
    results.finish()
}

/// What became of the parts.
#[derive(Default)]
struct Results {
    /// Whether a missing tool is a failure.
    ci: bool,
    lines: Vec<String>,
    failed: Vec<String>,
}

impl Results {
    /// Adds the lines about the files of a part, or why there are none.
    fn add(&mut self, name: String, result: Result<Vec<String>>) {
        match result {
            Ok(files) => self.lines.extend(files),
            Err(error) if error.is::<Missing>() && !self.ci => {
                self.lines.push(format!("not built: {name}: {error}"));
            }
            Err(error) => {
                self.lines.push(format!("FAILED: {name}: {error}"));
                self.failed.push(name);
            }
        }
    }

    fn finish(self) -> Result {
        match self.failed.is_empty() {
            true => Ok(()),
            false => Err(format!("failed: {}", self.failed.join(", ")).into()),
        }
    }
}

/// The parts with these names.
fn chosen(names: &[&str]) -> Result<Vec<Part>> {
    if names.is_empty() {
        return Err(format!("which parts? {ALL}, or some of: {}", known()).into());
    }
    let part = |name: &&str| {
        let found = Part::all().into_iter().find(|part| part.name() == *name);
        found.ok_or_else(|| format!("unknown part: {name}; known: {}", known()).into())
    };
    names.iter().map(part).collect()
}

fn known() -> String {
    Part::all().iter().map(Part::name).collect::<Vec<_>>().join(", ")
}

/// Copies what was made, each file with its SBOM, and returns a line about each.
fn collect(folder: &std::path::Path, made: &Made) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for path in &made.files {
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a file has no name")?;
        let size = std::fs::copy(path, folder.join(name)).map_err(|e| format!("{}: {e}", path.display()))?;
        std::fs::copy(&made.sbom, folder.join(format!("{name}{}", part::SBOM_ENDING)))?;
        lines.push(format!("{size:>10} bytes  {name}"));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_their_own_names_and_are_found_by_them() {
        let names: Vec<_> = Part::all().iter().map(Part::name).collect();
        let unique: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(unique.len(), names.len());
        for name in &names {
            let found = chosen(&[name]).unwrap();
            assert_eq!((found.len(), &found[0].name()), (1, name));
        }
        assert!(
            chosen(&["wheel:solaris"]).unwrap_err().to_string().contains("known: archive:x86_64-unknown")
        );
        assert!(chosen(&[]).unwrap_err().to_string().contains("--all"));
    }

    #[test]
    fn missing_tools_are_a_failure_with_ci_only() {
        for (ci, line, failed) in
            [(false, "not built: apple: no tool", false), (true, "FAILED: apple: no tool", true)]
        {
            let mut results = Results { ci, ..Results::default() };
            results.add("android".into(), Ok(vec!["a.aar".into()]));
            results.add("apple".into(), Err(Missing("no tool".into()).into()));
            assert_eq!(results.lines, ["a.aar", line]);
            assert_eq!(results.finish().is_err(), failed);
        }
        let mut results = Results::default();
        results.add("apple".into(), Err("no symbols".into()));
        assert_eq!(results.finish().unwrap_err().to_string(), "failed: apple");
    }

    #[test]
    fn each_file_is_copied_with_its_sbom() {
        let folder = std::env::temp_dir().join(format!("release-{}", std::process::id()));
        let out = folder.join("out");
        std::fs::create_dir_all(&out).unwrap();
        let (wheel, sbom) = (folder.join("a.whl"), folder.join("any.cdx.json"));
        std::fs::write(&wheel, "wheel").unwrap();
        std::fs::write(&sbom, "{}").unwrap();
        let lines = collect(&out, &Made { files: vec![wheel], sbom }).unwrap();
        assert_eq!(lines, ["         5 bytes  a.whl"]);
        assert_eq!(files::all(&out).unwrap(), ["a.whl", "a.whl.cdx.json"]);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
