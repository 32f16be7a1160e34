//! The shape of a function: the types of its arguments and of its result, as a number. The generator of the Kotlin bindings
//! includes this file.

/// Bits of the number for each type.
const BITS: u32 = 4;

/// The number of the type `letter`: `v` for no value, `l` for 64 bits, `i` for 32, `b` for 8, `B` for an owned buffer, and
/// `F` for borrowed bytes. `s` at the end means that the function reports its status.
const fn number(letter: u8) -> u64 {
    match letter {
        b'v' => 1,
        b'l' => 2,
        b'i' => 3,
        b'h' => 4,
        b'b' => 5,
        b'B' => 6,
        b'F' => 7,
        b's' => 8,
        _ => panic!("unknown type"),
    }
}

/// The number of a shape such as `lBBs>B`: arguments, then the result.
pub const fn code(shape: &str) -> u64 {
    let (letters, mut code, mut at) = (shape.as_bytes(), 0, 0);
    while at < letters.len() {
        if letters[at] != b'>' {
            code = code << BITS | number(letters[at]);
        }
        at += 1;
    }
    code
}

/// Passes the shape of each exported function that Kotlin calls to a macro, as its text and its Rust types.
macro_rules! shapes {
    ($with:ident) => {
        $with! {
            // Checksums and the version of the contract.
            ">h" => fn() -> u16,
            ">i" => fn() -> u32,
            // Futures.
            "lll>v" => fn(u64, u64, u64),
            "l>v" => fn(u64),
            "l>l" => fn(u64) -> u64,
            "ll>l" => fn(u64, u64) -> u64,
            "lB>l" => fn(u64, RustBuffer) -> u64,
            "lBl>l" => fn(u64, RustBuffer, u64) -> u64,
            "lBb>l" => fn(u64, RustBuffer, i8) -> u64,
            "lBB>l" => fn(u64, RustBuffer, RustBuffer) -> u64,
            "lBBB>l" => fn(u64, RustBuffer, RustBuffer, RustBuffer) -> u64,
            "lBBBB>l" => fn(u64, RustBuffer, RustBuffer, RustBuffer, RustBuffer) -> u64,
            // Functions without a receiver, and constructors.
            "s>v" => fn(*mut RustCallStatus),
            "s>l" => fn(*mut RustCallStatus) -> u64,
            "s>B" => fn(*mut RustCallStatus) -> RustBuffer,
            "bs>v" => fn(i8, *mut RustCallStatus),
            "Bs>l" => fn(RustBuffer, *mut RustCallStatus) -> u64,
            "Bs>b" => fn(RustBuffer, *mut RustCallStatus) -> i8,
            "Bs>B" => fn(RustBuffer, *mut RustCallStatus) -> RustBuffer,
            "Bls>l" => fn(RustBuffer, u64, *mut RustCallStatus) -> u64,
            "BBs>v" => fn(RustBuffer, RustBuffer, *mut RustCallStatus),
            "BBs>b" => fn(RustBuffer, RustBuffer, *mut RustCallStatus) -> i8,
            "BBBs>l" => fn(RustBuffer, RustBuffer, RustBuffer, *mut RustCallStatus) -> u64,
            "BBBBs>l" => fn(RustBuffer, RustBuffer, RustBuffer, RustBuffer, *mut RustCallStatus) -> u64,
            // Methods, `free` and `clone`.
            "ls>v" => fn(u64, *mut RustCallStatus),
            "ls>l" => fn(u64, *mut RustCallStatus) -> u64,
            "ls>b" => fn(u64, *mut RustCallStatus) -> i8,
            "ls>B" => fn(u64, *mut RustCallStatus) -> RustBuffer,
            "lls>b" => fn(u64, u64, *mut RustCallStatus) -> i8,
            "lls>l" => fn(u64, u64, *mut RustCallStatus) -> u64,
            "lls>v" => fn(u64, u64, *mut RustCallStatus),
            "lBs>v" => fn(u64, RustBuffer, *mut RustCallStatus),
            "lBs>l" => fn(u64, RustBuffer, *mut RustCallStatus) -> u64,
            "lBs>B" => fn(u64, RustBuffer, *mut RustCallStatus) -> RustBuffer,
            "lBls>B" => fn(u64, RustBuffer, u64, *mut RustCallStatus) -> RustBuffer,
            "lBbs>v" => fn(u64, RustBuffer, i8, *mut RustCallStatus),
            "lBBs>v" => fn(u64, RustBuffer, RustBuffer, *mut RustCallStatus),
            "lBBs>l" => fn(u64, RustBuffer, RustBuffer, *mut RustCallStatus) -> u64,
            "lBBs>B" => fn(u64, RustBuffer, RustBuffer, *mut RustCallStatus) -> RustBuffer,
            "lBBBs>v" => fn(u64, RustBuffer, RustBuffer, RustBuffer, *mut RustCallStatus),
            "lBBBs>l" => fn(u64, RustBuffer, RustBuffer, RustBuffer, *mut RustCallStatus) -> u64,
            "lBBBs>B" => fn(u64, RustBuffer, RustBuffer, RustBuffer, *mut RustCallStatus) -> RustBuffer,
            "lBBBBs>B" => fn(u64, RustBuffer, RustBuffer, RustBuffer, RustBuffer, *mut RustCallStatus) -> RustBuffer,
            "lFs>B" => fn(u64, ForeignBytes, *mut RustCallStatus) -> RustBuffer,
            "lBFBs>B" => fn(u64, RustBuffer, ForeignBytes, RustBuffer, *mut RustCallStatus) -> RustBuffer,
        }
    };
}

pub(crate) use shapes;
