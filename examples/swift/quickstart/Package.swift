// swift-tools-version: 6.0

import PackageDescription

// `cargo xtask test swift` runs this on the emulator. See bindings/swift/README.md for how to run it yourself.
let package = Package(
    name: "Quickstart",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "Scalekit", path: "../../../bindings/swift")],
    targets: [
        .executableTarget(name: "Quickstart", dependencies: [.product(name: "Scalekit", package: "Scalekit")])
    ],
    swiftLanguageModes: [.v6]
)
