//! The parts of a release.

use std::path::PathBuf;

use super::wheel;
use crate::native::target::Target;
use crate::shell::{Result, Shell};
use crate::zig::Zig;
use crate::{android, apple, native, sbom};

/// How the names of the files end.
pub const ENDINGS: [&str; 6] = [".aar", SBOM_ENDING, ".pom", ".tar.gz", ".whl", ".zip"];

/// That of an SBOM, whose name starts with that of its file.
pub const SBOM_ENDING: &str = ".cdx.json";

/// What one build makes.
#[derive(Debug)]
pub enum Part {
    /// The archive of the C library.
    Archive(&'static Target),
    Wheel(&'static Target),
    /// The AAR, with its POM.
    Android,
    /// The XCFramework, and the Swift package around it.
    Apple,
}

/// The files of a part, and the SBOM of each of them.
pub struct Made {
    pub files: Vec<PathBuf>,
    pub sbom: PathBuf,
}

impl Part {
    /// All parts, a wheel after the archive that shares its dependencies.
    pub fn all() -> Vec<Self> {
        let libraries = Target::all().flat_map(|target| [Self::Archive(target), Self::Wheel(target)]);
        libraries.chain([Self::Android, Self::Apple]).collect()
    }

    pub fn name(&self) -> String {
        match self {
            Self::Archive(target) => format!("archive:{}", target.rust),
            Self::Wheel(target) => format!("wheel:{}", target.rust),
            Self::Android => "android".into(),
            Self::Apple => "apple".into(),
        }
    }

    /// Builds the files. Each build writes the SBOM, which it packs as well.
    pub fn build(&self, shell: &Shell) -> Result<Made> {
        let (files, sbom) = match self {
            Self::Archive(target) => {
                let archive = native::build(shell, &Zig::install(shell)?, target)?;
                (vec![archive], sbom::path(shell, &sbom::C, target.rust))
            }
            Self::Wheel(target) => {
                (vec![wheel::build(shell, target)?], sbom::path(shell, &sbom::BINDINGS, target.rust))
            }
            Self::Android => {
                android::run(shell, &[])?;
                (android::files(shell), sbom::path(shell, &sbom::BINDINGS, android::SBOM))
            }
            Self::Apple => {
                apple::xcframework(shell, &[])?;
                (apple::files(shell)?, sbom::path(shell, &sbom::BINDINGS, apple::SBOM))
            }
        };
        Ok(Made { files, sbom })
    }
}
