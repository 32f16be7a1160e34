// swift-tools-version: 6.0

import PackageDescription

// `cargo xtask test swift` runs it on the emulator; bindings/swift/README.md says how to run it on your own.
let package = Package(
    name: "Quickstart",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "Scalekit", path: "../../../bindings/swift")],
    targets: [
        .executableTarget(name: "Quickstart", dependencies: [.product(name: "Scalekit", package: "Scalekit")])
    ],
    swiftLanguageModes: [.v6]
)
