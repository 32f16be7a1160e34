//! `cargo xtask install --prefix DIR`: the C library as other programs find it.

use std::path::{Path, PathBuf};

use super::library::{self, ABI, PRIVATE_LIBRARIES};
use crate::shell::{Result, Shell};
use crate::{build, dist, sbom};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Builds for release and installs everything.
pub fn run(shell: &Shell, prefix: &str) -> Result {
    let prefix = std::path::absolute(shell.root.join(prefix))?;
    let release = shell.release();
    let built = library::build(&release)?;
    files(&release, &built, &prefix)?;
    let bom = sbom::write_for(shell, &sbom::C, &dist::host(shell)?)?;
    copy(&bom, &prefix.join("share/doc/scalekit/scalekit.cdx.json"))?;
    println!("installed to {}", prefix.display());
    Ok(())
}

/// Installs everything but the SBOM.
pub fn files(shell: &Shell, built: &library::Built, prefix: &Path) -> Result {
    let libraries = prefix.join("lib");
    std::fs::create_dir_all(&libraries)?;
    let name = format!("libscalekit.so.{VERSION}");
    build::copy_stripped(shell, &built.shared, &libraries.join(&name))?;
    library::link(name.as_ref(), &libraries.join(format!("libscalekit.so.{ABI}")))?;
    library::link(format!("libscalekit.so.{ABI}").as_ref(), &libraries.join("libscalekit.so"))?;
    library::hide_symbols(shell, &built.archive, &libraries.join("libscalekit.a"))?;
    for header in ["scalekit.h", "scalekit.hpp"] {
        copy(
            &library::include(shell).join("scalekit").join(header),
            &prefix.join("include/scalekit").join(header),
        )?;
    }
    copy(&shell.root.join("LICENSE"), &prefix.join("share/doc/scalekit/LICENSE"))?;
    let packaging = shell.root.join(library::FOLDER).join("packaging");
    template(&packaging.join("scalekit.pc"), &libraries.join("pkgconfig/scalekit.pc"), prefix)?;
    for file in ["ScalekitConfig.cmake", "ScalekitConfigVersion.cmake"] {
        template(&packaging.join(file), &libraries.join("cmake/Scalekit").join(file), prefix)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::copy(from, to).map_err(|e| format!("{}: {e}", from.display()))?;
    Ok(())
}

/// Copies a file with its placeholders filled in.
fn template(from: &PathBuf, to: &Path, prefix: &Path) -> Result {
    let text = std::fs::read_to_string(from)?.replace("@VERSION@", VERSION);
    let text = text.replace("@PREFIX@", &prefix.to_string_lossy());
    let text = text.replace("@PRIVATE_LIBRARIES@", &PRIVATE_LIBRARIES.join(" "));
    let names = PRIVATE_LIBRARIES.map(|name| name.trim_start_matches("-l")).join(";");
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    Ok(std::fs::write(to, text.replace("@PRIVATE_NAMES@", &names))?)
}
