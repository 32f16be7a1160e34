//! The Swift package around the XCFramework: it needs no Rust.

use std::path::{Path, PathBuf};

use super::framework::MODULE;
use super::slice::{IOS, MACOS};
use crate::files;
use crate::python::venv::Venv;
use crate::shell::{Result, Shell};

/// The folder of the archives to publish.
pub const OUT: &str = "target/package/swift";

/// The sources of the modules, besides the generated ones.
const SOURCES: &str = "bindings/swift/Sources";

/// What the library does with the user's data, for Apple.
pub const PRIVACY: &str = "bindings/apple/PrivacyInfo.xcprivacy";

/// Packs the files of a folder in their order, below the folder's name, with a fixed time.
const PACK: &str = "\
import pathlib, sys, zipfile
folder, out = map(pathlib.Path, sys.argv[1:])
with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
    for path in sorted(path for path in folder.rglob('*') if path.is_file()):
        entry = zipfile.ZipInfo(str(path.relative_to(folder.parent)), (2025, 1, 1, 0, 0, 0))
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
        archive.writestr(entry, path.read_bytes())
";

/// Writes the package without its framework.
pub fn write(shell: &Shell, bindings: &Path, to: &Path) -> Result {
    let (written, sources) = (shell.root.join(SOURCES), to.join("Sources"));
    let module = sources.join("Scalekit");
    for (from, to) in [
        (written.join("Scalekit"), module.clone()),
        (bindings.join("Scalekit"), module.join("Generated")),
        (written.join("ScalekitEmulator"), sources.join("ScalekitEmulator")),
    ] {
        std::fs::create_dir_all(&to)?;
        for path in files::ending_in(&from, ".swift")? {
            std::fs::copy(&path, to.join(path.file_name().ok_or("a source has no name")?))?;
        }
    }
    std::fs::copy(shell.root.join(PRIVACY), module.join("PrivacyInfo.xcprivacy"))?;
    std::fs::copy(shell.root.join("LICENSE"), to.join("LICENSE"))?;
    Ok(std::fs::write(to.join("Package.swift"), manifest())?)
}

/// The frameworks are those of `rustls-platform-verifier`, which reads the system's certificates.
fn manifest() -> String {
    let major = |version: &'static str| version.split('.').next().unwrap_or(version);
    let (macos, ios) = (major(MACOS), major(IOS));
    format!(
        r#"// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "scalekit-swift",
    platforms: [.macOS(.v{macos}), .iOS(.v{ios})],
    products: [
        .library(name: "Scalekit", targets: ["Scalekit"]),
        .library(name: "ScalekitEmulator", targets: ["ScalekitEmulator"]),
    ],
    targets: [
        .binaryTarget(name: "{MODULE}", path: "Scalekit.xcframework"),
        .target(
            name: "Scalekit",
            dependencies: ["{MODULE}"],
            resources: [.copy("PrivacyInfo.xcprivacy")],
            // The library reads the system's certificates.
            linkerSettings: [.linkedFramework("CoreFoundation"), .linkedFramework("Security")]
        ),
        .target(name: "ScalekitEmulator", dependencies: ["Scalekit"]),
    ],
    swiftLanguageModes: [.v6]
)
"#
    )
}

/// Packs a folder into an archive to publish, and returns its path.
pub fn pack(shell: &Shell, folder: &Path, name: &str) -> Result<PathBuf> {
    let out = shell.root.join(OUT).join(name);
    std::fs::create_dir_all(shell.root.join(OUT))?;
    let mut pack = Venv::bare(shell)?.python(shell);
    shell.run(pack.args(["-c", PACK]).arg(folder).arg(&out))?;
    Ok(out)
}

/// Builds and runs a program of a user, which depends on the package alone. Only a program links.
#[cfg(target_os = "macos")]
pub fn run_program(shell: &Shell, package: &Path) -> Result {
    let folder = shell.root.join("target/apple/program");
    let sources = folder.join("Sources/Program");
    files::recreate(&sources)?;
    let macos = MACOS.split('.').next().unwrap_or(MACOS);
    let manifest = format!(
        r#"// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "Program",
    platforms: [.macOS(.v{macos})],
    dependencies: [.package(path: "{}")],
    targets: [
        .executableTarget(name: "Program", dependencies: [.product(name: "Scalekit", package: "scalekit-swift")])
    ]
)
"#,
        package.display()
    );
    std::fs::write(folder.join("Package.swift"), manifest)?;
    let main = "import Scalekit\n\nlet url = \"https://example.scalekit.com\"\n\
                print(try ScalekitClient(environmentUrl: url, clientId: \"skc_1\", clientSecret: \"secret\"))\n";
    std::fs::write(sources.join("main.swift"), main)?;
    shell.run(shell.command("swift").args(["run", "--package-path"]).arg(folder).arg("Program"))
}
