//! `cargo xtask install --prefix DIR`: the C library as other programs find it.

use std::path::Path;

use super::library::{self, ABI, PRIVATE_LIBRARIES, Tools};
use crate::shell::{Result, Shell};
use crate::{dist, sbom};

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
    libraries(shell, &Tools::System, &built.shared, &built.archive, prefix)?;
    headers(shell, prefix)?;
    pkg_config(shell, prefix, &prefix.to_string_lossy(), &PRIVATE_LIBRARIES)?;
    cmake(shell, prefix)
}

/// Installs the shared library with its links, and the archive.
pub fn libraries(shell: &Shell, tools: &Tools<'_>, shared: &Path, archive: &Path, prefix: &Path) -> Result {
    let libraries = prefix.join("lib");
    std::fs::create_dir_all(&libraries)?;
    let name = format!("libscalekit.so.{VERSION}");
    tools.copy_stripped(shell, shared, &libraries.join(&name))?;
    library::link(name.as_ref(), &libraries.join(format!("libscalekit.so.{ABI}")))?;
    library::link(format!("libscalekit.so.{ABI}").as_ref(), &libraries.join("libscalekit.so"))?;
    library::hide_symbols(shell, tools, archive, &libraries.join("libscalekit.a"))
}

/// Installs the headers, the listing of all calls and the license.
pub fn headers(shell: &Shell, prefix: &Path) -> Result {
    for header in ["scalekit.h", "scalekit.hpp"] {
        copy(
            &library::include(shell).join("scalekit").join(header),
            &prefix.join("include/scalekit").join(header),
        )?;
    }
    let documents = prefix.join("share/doc/scalekit");
    copy(&shell.root.join("bindings/api/c.md"), &documents.join("calls.md"))?;
    copy(&shell.root.join("LICENSE"), &documents.join("LICENSE"))
}

/// Installs the file for pkg-config, in which the libraries are below `here`.
pub fn pkg_config(shell: &Shell, prefix: &Path, here: &str, private: &[&str]) -> Result {
    let from = shell.root.join(library::FOLDER).join("packaging/scalekit.pc");
    template(&from, &prefix.join("lib/pkgconfig/scalekit.pc"), here, private)
}

/// Installs the files for CMake.
pub fn cmake(shell: &Shell, prefix: &Path) -> Result {
    let packaging = shell.root.join(library::FOLDER).join("packaging");
    for file in ["ScalekitConfig.cmake", "ScalekitConfigVersion.cmake"] {
        let to = prefix.join("lib/cmake/Scalekit").join(file);
        template(&packaging.join(file), &to, "", &PRIVATE_LIBRARIES)?;
    }
    Ok(())
}

pub fn copy(from: &Path, to: &Path) -> Result {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::copy(from, to).map_err(|e| format!("{}: {e}", from.display()))?;
    Ok(())
}

/// Copies a file with its placeholders filled in.
fn template(from: &Path, to: &Path, prefix: &str, private: &[&str]) -> Result {
    let text = std::fs::read_to_string(from)?.replace("@VERSION@", VERSION);
    let text = text.replace("@PREFIX@", prefix).replace("@PRIVATE_LIBRARIES@", &private.join(" "));
    let names: Vec<_> = private.iter().map(|name| name.trim_start_matches("-l")).collect();
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    Ok(std::fs::write(to, text.replace("@PRIVATE_NAMES@", &names.join(";")))?)
}
