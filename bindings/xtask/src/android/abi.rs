//! The ABIs of Android.

use goblin::elf::header::{EM_386, EM_AARCH64, EM_ARM, EM_X86_64};

use crate::shell::Result;

/// The oldest version of Android on which the libraries load, as its API level: Android 6.
pub const MIN_SDK: u32 = 23;

/// The file name of the library, by which Android also knows that it is loaded.
pub const LIBRARY: &str = "libscalekit_ffi.so";

/// A combination of processor and calling convention that Android apps are built for.
#[derive(Debug)]
pub struct Abi {
    /// Android's name, which is also the folder of the libraries in an app.
    pub name: &'static str,
    pub rust_target: &'static str,
    /// The processor in the names of zig's targets.
    pub zig_arch: &'static str,
    /// The end of the names of zig's targets for musl.
    pub zig_eabi: &'static str,
    /// The target of the NDK's compiler, without the API level.
    pub ndk_target: &'static str,
    /// The processor in bionic's lists of symbols.
    pub bionic_arch: &'static str,
    pub machine: u16,
    pub is_64_bit: bool,
}

pub const ABIS: [Abi; 4] = [
    Abi {
        name: "arm64-v8a",
        rust_target: "aarch64-linux-android",
        zig_arch: "aarch64",
        zig_eabi: "",
        ndk_target: "aarch64-linux-android",
        bionic_arch: "arm64",
        machine: EM_AARCH64,
        is_64_bit: true,
    },
    Abi {
        name: "armeabi-v7a",
        rust_target: "armv7-linux-androideabi",
        zig_arch: "arm",
        zig_eabi: "eabi",
        ndk_target: "armv7a-linux-androideabi",
        bionic_arch: "arm",
        machine: EM_ARM,
        is_64_bit: false,
    },
    Abi {
        name: "x86_64",
        rust_target: "x86_64-linux-android",
        zig_arch: "x86_64",
        zig_eabi: "",
        ndk_target: "x86_64-linux-android",
        bionic_arch: "x86_64",
        machine: EM_X86_64,
        is_64_bit: true,
    },
    Abi {
        name: "x86",
        rust_target: "i686-linux-android",
        zig_arch: "x86",
        zig_eabi: "",
        ndk_target: "i686-linux-android",
        bionic_arch: "x86",
        machine: EM_386,
        is_64_bit: false,
    },
];

impl Abi {
    /// The ABI with this name.
    pub fn named(name: &str) -> Result<&'static Self> {
        ABIS.iter().find(|abi| abi.name == name).ok_or_else(|| {
            let names: Vec<_> = ABIS.iter().map(|abi| abi.name).collect();
            format!("unknown ABI: {name}; known: {}", names.join(", ")).into()
        })
    }
}
