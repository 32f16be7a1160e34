#!/usr/bin/env bash
# Builds the native library for Apple platforms as an XCFramework, and a Swift package around it that needs no Rust.
# Requires macOS with Xcode. Writes both to target/package/swift.
set -euo pipefail
cd "$(dirname "$0")/../.."

out="$PWD/target/package/swift"
work="$PWD/target/dist/swift"
rm -rf "$out" "$work"
# The headers are in a folder with the name of their module: Xcode copies those of all frameworks into one folder, where
# two files named module.modulemap would collide.
headers="$work/headers/scalekit_ffiFFI"
mkdir -p "$out" "$headers" "$work/Scalekit/Sources/Scalekit" "$work/Scalekit/Sources/ScalekitEmulator"

# The oldest systems that the package supports, as in its Package.swift below. Without them, the library would require the
# system that it was built on.
export MACOSX_DEPLOYMENT_TARGET=13.0 IPHONEOS_DEPLOYMENT_TARGET=16.0

# Keeps the paths of this machine out of the libraries.
crates="${CARGO_HOME:-$HOME/.cargo}/registry/src"
flags="--remap-path-prefix=$PWD=scalekit-rs"
cargo fetch --locked
for registry in "$crates"/*; do
  flags+=" --remap-path-prefix=$registry=crates"
done

slices=()
build() { # NAME TARGET…: builds the Rust targets and joins them into one library
  local name=$1 libraries=()
  shift
  for target in "$@"; do
    rustup target add "$target"
    CARGO_TARGET_DIR="$work/cargo" RUSTFLAGS="$flags" \
      cargo rustc --locked --release --package scalekit-ffi --lib --crate-type staticlib --target "$target"
    libraries+=("$work/cargo/$target/release/libscalekit_ffi.a")
  done
  mkdir -p "$work/$name"
  lipo -create "${libraries[@]}" -output "$work/$name/libscalekit_ffi.a"
  slices+=(-library "$work/$name/libscalekit_ffi.a" -headers "$work/headers")
}

cargo xtask bind swift "$work/generated"
cp "$work/generated/scalekit_ffiFFI.h" "$headers/"
cp "$work/generated/scalekit_ffiFFI.modulemap" "$headers/module.modulemap"
build macos aarch64-apple-darwin x86_64-apple-darwin
build ios aarch64-apple-ios
build ios-simulator aarch64-apple-ios-sim x86_64-apple-ios
xcodebuild -create-xcframework "${slices[@]}" -output "$work/Scalekit/scalekit_ffiFFI.xcframework"

cp bindings/swift/Sources/Scalekit/*.swift "$work/Scalekit/Sources/Scalekit/"
cp bindings/swift/Sources/ScalekitEmulator/*.swift "$work/Scalekit/Sources/ScalekitEmulator/"
cp -R "$work/generated/Scalekit" "$work/Scalekit/Sources/Scalekit/Generated"
cp LICENSE "$work/Scalekit/"
cat > "$work/Scalekit/Package.swift" <<'SWIFT'
// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "Scalekit",
    platforms: [.macOS(.v13), .iOS(.v16)],
    products: [
        .library(name: "Scalekit", targets: ["Scalekit"]),
        .library(name: "ScalekitEmulator", targets: ["ScalekitEmulator"]),
    ],
    targets: [
        .binaryTarget(name: "scalekit_ffiFFI", path: "scalekit_ffiFFI.xcframework"),
        .target(
            name: "Scalekit",
            dependencies: ["scalekit_ffiFFI"],
            // The library reads the system's certificates.
            linkerSettings: [.linkedFramework("CoreFoundation"), .linkedFramework("Security")]
        ),
        .target(name: "ScalekitEmulator", dependencies: ["Scalekit"]),
    ],
    swiftLanguageModes: [.v6]
)
SWIFT

# A user's program must build and run with the package alone. Only a program links: a library alone would build without
# the frameworks too.
mkdir -p "$work/Program/Sources/Program"
cat > "$work/Program/Package.swift" <<'SWIFT'
// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "Program",
    platforms: [.macOS(.v13)],
    dependencies: [.package(path: "../Scalekit")],
    targets: [.executableTarget(name: "Program", dependencies: ["Scalekit"])]
)
SWIFT
cat > "$work/Program/Sources/Program/main.swift" <<'SWIFT'
import Scalekit

let url = "https://example.scalekit.com"
print(try ScalekitClient(environmentUrl: url, clientId: "skc_1", clientSecret: "secret"))
SWIFT
swift run --package-path "$work/Program" --scratch-path "$work/try" Program
(cd "$work" && zip -qry "$out/Scalekit.xcframework-package.zip" Scalekit)
(cd "$work/Scalekit" && zip -qry "$out/scalekit_ffiFFI.xcframework.zip" scalekit_ffiFFI.xcframework)
swift package compute-checksum "$out/scalekit_ffiFFI.xcframework.zip"
