// swift-tools-version: 6.0

import PackageDescription

// `cargo xtask test swift` generates the sources and builds the native library; see README.md.
let library = "\(Context.packageDirectory)/lib"

let package = Package(
    name: "Scalekit",
    platforms: [.macOS(.v13), .iOS(.v16), .tvOS(.v16), .watchOS(.v9)],
    products: [
        .library(name: "Scalekit", targets: ["Scalekit"]),
        .library(name: "ScalekitEmulator", targets: ["ScalekitEmulator"]),
    ],
    targets: [
        .systemLibrary(name: "scalekit_ffiFFI"),
        .target(
            name: "Scalekit",
            dependencies: ["scalekit_ffiFFI"],
            // SwiftPM accepts unsafe flags of packages that others depend on by path, as on this one.
            linkerSettings: [
                .linkedLibrary("scalekit_ffi"),
                .unsafeFlags(["-L\(library)", "-Xlinker", "-rpath", "-Xlinker", library]),
            ]
        ),
        // Runs the emulator in tests of applications.
        .target(name: "ScalekitEmulator", dependencies: ["Scalekit"]),
        // Prints and logs as much as possible. A test searches its output for secrets.
        .executableTarget(name: "LogProgram", dependencies: ["Scalekit"], path: "Tests/LogProgram"),
        .testTarget(name: "ScalekitTests", dependencies: ["Scalekit", "ScalekitEmulator", "LogProgram"]),
    ],
    swiftLanguageModes: [.v6]
)
