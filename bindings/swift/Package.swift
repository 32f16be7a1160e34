// swift-tools-version: 6.0

import PackageDescription

// The generated sources and the library come from `cargo xtask test swift`; see README.md.
let package = Package(
    name: "Scalekit",
    platforms: [.macOS(.v13), .iOS(.v16), .tvOS(.v16), .watchOS(.v9)],
    products: [.library(name: "Scalekit", targets: ["Scalekit"])],
    targets: [
        .systemLibrary(name: "scalekit_ffiFFI"),
        .target(
            name: "Scalekit",
            dependencies: ["scalekit_ffiFFI"],
            linkerSettings: [.linkedLibrary("scalekit_ffi")]
        ),
        // Prints and logs all that it can: a test looks for secrets in it.
        .executableTarget(name: "LogProgram", dependencies: ["Scalekit"], path: "Tests/LogProgram"),
        .testTarget(name: "ScalekitTests", dependencies: ["Scalekit", "LogProgram"]),
    ],
    swiftLanguageModes: [.v6]
)
