//! The slices of the XCFramework: the systems that one file of it is for.

use goblin::mach::constants::cputype::{CPU_TYPE_ARM64, CPU_TYPE_X86_64};

/// The oldest systems that the Swift package supports, as in its `Package.swift`.
pub const MACOS: &str = "13.0";
pub const IOS: &str = "16.0";

/// The platforms of `LC_BUILD_VERSION`.
const PLATFORM_MACOS: u32 = 1;
const PLATFORM_IOS: u32 = 2;
const PLATFORM_IOS_SIMULATOR: u32 = 7;

/// A folder of the XCFramework.
#[derive(Debug)]
pub struct Slice {
    /// The name of the folder.
    pub name: &'static str,
    pub system: System,
    pub targets: &'static [Target],
}

impl Slice {
    /// The platform, for people.
    pub fn label(&self) -> String {
        let processors: Vec<_> = self.targets.iter().map(|target| target.arch).collect();
        let system = match (self.system.platform, self.system.variant) {
            ("macos", _) => "macOS, static",
            (_, None) => "iOS devices",
            _ => "iOS simulators",
        };
        format!("{system} ({})", processors.join(", "))
    }

    /// The oldest system, for people.
    pub fn oldest(&self) -> String {
        let name = if self.system.platform == "macos" { "macOS" } else { "iOS" };
        format!("{name} {}", self.system.oldest)
    }
}

/// A system, by the names that each tool gives it.
#[derive(Debug)]
pub struct System {
    /// In `Info.plist`.
    pub platform: &'static str,
    pub variant: Option<&'static str>,
    /// In targets of `.tbd` files, and of the linker.
    pub linker: &'static str,
    /// In object files.
    pub number: u32,
    pub oldest: &'static str,
    /// The variable with the oldest version, for compilers.
    pub variable: &'static str,
}

/// A processor of a slice.
#[derive(Debug)]
pub struct Target {
    pub rust: &'static str,
    pub zig: &'static str,
    /// Apple's name of the processor.
    pub arch: &'static str,
    pub cpu: u32,
}

const fn target(rust: &'static str, zig: &'static str) -> Target {
    let is_arm = rust.as_bytes()[0] == b'a';
    let (arch, cpu) = if is_arm { ("arm64", CPU_TYPE_ARM64) } else { ("x86_64", CPU_TYPE_X86_64) };
    Target { rust, zig, arch, cpu }
}

const IOS_VARIABLE: &str = "IPHONEOS_DEPLOYMENT_TARGET";

pub const SLICES: [Slice; 3] = [
    Slice {
        name: "macos-arm64_x86_64",
        system: System {
            platform: "macos",
            variant: None,
            linker: "macos",
            number: PLATFORM_MACOS,
            oldest: MACOS,
            variable: "MACOSX_DEPLOYMENT_TARGET",
        },
        targets: &[
            target("aarch64-apple-darwin", "aarch64-macos.13.0"),
            target("x86_64-apple-darwin", "x86_64-macos.13.0"),
        ],
    },
    Slice {
        name: "ios-arm64",
        system: System {
            platform: "ios",
            variant: None,
            linker: "ios",
            number: PLATFORM_IOS,
            oldest: IOS,
            variable: IOS_VARIABLE,
        },
        targets: &[target("aarch64-apple-ios", "aarch64-ios.16.0")],
    },
    Slice {
        name: "ios-arm64_x86_64-simulator",
        system: System {
            platform: "ios",
            variant: Some("simulator"),
            linker: "ios-simulator",
            number: PLATFORM_IOS_SIMULATOR,
            oldest: IOS,
            variable: IOS_VARIABLE,
        },
        targets: &[
            target("aarch64-apple-ios-sim", "aarch64-ios.16.0-simulator"),
            target("x86_64-apple-ios", "x86_64-ios.16.0-simulator"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_slices_are_those_of_xcode() {
        for Slice { name, system, targets } in &SLICES {
            let processors: Vec<_> = targets.iter().map(|target| target.arch).collect();
            let mut parts = vec![system.platform.to_owned(), processors.join("_")];
            parts.extend(system.variant.map(str::to_owned));
            assert_eq!(*name, parts.join("-"));
        }
    }

    #[test]
    fn compilers_have_the_oldest_versions() {
        for Slice { system, targets, .. } in &SLICES {
            for target in *targets {
                assert!(target.zig.contains(&format!(".{}", system.oldest)), "{}", target.zig);
            }
        }
    }
}
