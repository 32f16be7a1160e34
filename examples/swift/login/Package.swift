// swift-tools-version: 6.0

import PackageDescription

// The tests of bindings/swift run this on the emulator. See bindings/swift/README.md for how to run it yourself.
let package = Package(
    name: "LoginTool",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "Scalekit", path: "../../../bindings/swift")],
    targets: [
        .executableTarget(name: "LoginTool", dependencies: [.product(name: "Scalekit", package: "Scalekit")])
    ],
    swiftLanguageModes: [.v6]
)
