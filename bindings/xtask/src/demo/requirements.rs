//! Tests of `requirements.sh`, with a folder of programs in place of the system's.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the script itself uses, besides a shell.
const TOOLS: [&str; 11] =
    ["awk", "cut", "df", "dirname", "grep", "head", "id", "mktemp", "rm", "sed", "uname"];

struct System(PathBuf);

impl System {
    /// A system with a current Rust, a working compiler and a current Python.
    fn complete(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("requirements-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let system = Self(folder);
        for tool in TOOLS {
            symlink(find(tool), system.0.join(tool)).unwrap();
        }
        system.program("cargo", "");
        system.program("rustc", "echo 'rustc 1.90.0 (abc 2026-01-01)'");
        system.program("cc", "");
        system.program("python3", "echo 3.10");
        system.program("apt-get", "");
        system
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.0.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.0.join(name)).unwrap();
    }

    /// Whether nothing is missing, and the output.
    fn check(&self) -> (bool, String) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("requirements.sh");
        let output =
            Command::new("/bin/sh").arg(script).env("PATH", &self.0).env_remove("PYTHON").output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    }
}

impl Drop for System {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn find(tool: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&path).map(|folder| folder.join(tool)).find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{tool} is not installed"))
}

#[test]
fn complete_system_passes_in_silence() {
    assert_eq!(System::complete("complete").check(), (true, String::new()));
}

#[test]
fn everything_missing_is_listed_at_once() {
    let system = System::complete("empty");
    for program in ["cargo", "rustc", "cc", "python3"] {
        system.remove(program);
    }
    let (passed, output) = system.check();
    assert!(!passed);
    for expected in [
        "Rust 1.90 or newer is not installed. To install it: curl",
        "C compiler (cc) is not installed",
        "Python 3.10 or newer (python3) is not installed",
        "apt-get install -y gcc libc6-dev python3 python3-venv\n",
    ] {
        assert!(output.contains(expected), "{output}");
    }
}

#[test]
fn old_versions_are_named() {
    let system = System::complete("old");
    system.program("rustc", "echo 'rustc 1.65.0 (abc 2022-11-01)'");
    system.program("rustup", "");
    system.program("python3", "echo 3.9");
    let (passed, output) = system.check();
    assert!(!passed);
    assert!(output.contains("Rust 1.65.0 is installed; 1.90 or newer is required"), "{output}");
    assert!(output.contains("rustup update stable"), "{output}");
    assert!(output.contains("python3 is Python 3.9; 3.10 or newer is required"), "{output}");
}

#[test]
fn newer_major_and_minor_versions_are_accepted() {
    let system = System::complete("new");
    system.program("rustc", "echo 'rustc 2.1.0-nightly (abc 2030-01-01)'");
    system.program("python3", "echo 3.15");
    assert_eq!(system.check(), (true, String::new()));
}

#[test]
fn compiler_without_headers_is_reported_with_its_error() {
    let system = System::complete("headers");
    system
        .program("cc", "echo 'program.c:1:10: fatal error: stdlib.h: No such file or directory' >&2; exit 1");
    let (passed, output) = system.check();
    assert!(
        !passed && output.contains("cc cannot build a program: program.c:1:10: fatal error: stdlib.h"),
        "{output}"
    );
    assert!(output.contains("libc6-dev"), "{output}");
}

#[test]
fn python_without_venv_is_reported() {
    let system = System::complete("venv");
    system.program("python3", "case \"$2\" in *ensurepip*) exit 1 ;; *) echo 3.11 ;; esac");
    let (passed, output) = system.check();
    assert!(!passed && output.contains("python3 cannot create environments"), "{output}");
    assert!(output.contains("apt-get install -y python3-venv\n"), "{output}");
}

#[test]
fn full_disk_is_reported() {
    let system = System::complete("disk");
    system.remove("df");
    system.program("df", "echo 'Filesystem'; echo '/dev/x 100 50 1024000 50% /'");
    let (passed, output) = system.check();
    assert!(!passed && output.contains("The disk has 1000 MB free; the build needs 3000 MB"), "{output}");
}
