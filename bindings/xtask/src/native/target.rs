//! The targets of the archives of the C library.

use crate::shell::Result;

/// A platform, by the names that each tool gives it.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    pub rust: &'static str,
    /// The target of zig's C compiler, with the oldest version of the system.
    pub zig: &'static str,
    /// What follows Rust's name in a target of cargo-zigbuild: the version of glibc.
    pub version: &'static str,
}

/// `dist::macos_version` has the oldest versions of macOS.
const TARGETS: [Target; 7] = [
    Target { rust: "x86_64-unknown-linux-gnu", zig: "x86_64-linux-gnu.2.17", version: ".2.17" },
    Target { rust: "aarch64-unknown-linux-gnu", zig: "aarch64-linux-gnu.2.17", version: ".2.17" },
    Target { rust: "x86_64-unknown-linux-musl", zig: "x86_64-linux-musl", version: "" },
    Target { rust: "aarch64-unknown-linux-musl", zig: "aarch64-linux-musl", version: "" },
    Target { rust: "x86_64-pc-windows-gnu", zig: "x86_64-windows-gnu", version: "" },
    Target { rust: "x86_64-apple-darwin", zig: "x86_64-macos", version: "" },
    Target { rust: "aarch64-apple-darwin", zig: "aarch64-macos", version: "" },
];

impl Target {
    pub fn all() -> impl Iterator<Item = &'static Self> {
        TARGETS.iter()
    }

    /// The target with this name in Rust.
    pub fn named(rust: &str) -> Result<&'static Self> {
        Self::all().find(|target| target.rust == rust).ok_or_else(|| {
            let names: Vec<_> = Self::all().map(|target| target.rust).collect();
            format!("unsupported target: {rust}; supported: {}", names.join(", ")).into()
        })
    }

    pub fn is_linux(&self) -> bool {
        self.rust.contains("linux")
    }

    pub fn is_musl(&self) -> bool {
        self.rust.ends_with("musl")
    }

    pub fn is_windows(&self) -> bool {
        self.rust.contains("windows")
    }

    pub fn is_apple(&self) -> bool {
        self.rust.contains("apple")
    }

    /// The file name of the shared library, as cargo names it.
    pub fn built_name(&self) -> &'static str {
        match self {
            target if target.is_windows() => "scalekit.dll",
            target if target.is_apple() => "libscalekit.dylib",
            _ => "libscalekit.so",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_is_one_system() {
        for target in Target::all() {
            let systems = [target.is_linux(), target.is_windows(), target.is_apple()];
            assert_eq!(systems.iter().filter(|is| **is).count(), 1, "{}", target.rust);
            assert_eq!(Target::named(target.rust).unwrap(), target);
        }
        assert!(
            Target::named("wasm32-wasip1").unwrap_err().to_string().contains("supported: x86_64-unknown")
        );
    }
}
