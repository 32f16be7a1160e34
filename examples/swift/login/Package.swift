// swift-tools-version: 6.0

import PackageDescription

// The tests of bindings/swift run it on the emulator; bindings/swift/README.md says how to run it on your own.
let package = Package(
    name: "LoginTool",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "Scalekit", path: "../../../bindings/swift")],
    targets: [
        .executableTarget(name: "LoginTool", dependencies: [.product(name: "Scalekit", package: "Scalekit")])
    ],
    swiftLanguageModes: [.v6]
)
