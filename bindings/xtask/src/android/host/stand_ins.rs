//! Compiles the libraries that take the place of Android's.

use std::path::Path;

use crate::android::abi::Abi;
use crate::android::bionic;
use crate::shell::{Result, Shell};
use crate::zig::Zig;

/// The sources of the libraries, and what starts Python with them.
pub const SOURCES: &str = "bindings/android/tests/host";

/// Builds them for the processor of an ABI, into a folder.
pub fn build(shell: &Shell, zig: &Zig, abi: &Abi, to: &Path) -> Result {
    std::fs::create_dir_all(to)?;
    for name in bionic::LIBRARIES {
        let mut compile = zig.command(shell, "cc");
        compile.args(["-target", &format!("{}-linux-gnu", abi.zig_arch)]);
        compile.args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"]);
        compile.arg(to.join(format!("{name}.so")));
        let source = shell.root.join(SOURCES).join(format!("{name}.c"));
        if source.exists() {
            compile.arg(source);
        } else {
            // Nothing differs, and glibc's libc has these functions as well.
            compile.args(["-x", "c", "/dev/null"]);
        }
        shell.run(&mut compile)?;
    }
    Ok(())
}
