use super::*;

/// Returns the bytes of both arguments, in reverse order.
extern "C" fn joined(first: u64, second: RustBuffer, status: *mut RustCallStatus) -> RustBuffer {
    let mut bytes = second.destroy_into_vec();
    bytes.extend(first.to_be_bytes());
    bytes.reverse();
    if first == 0 {
        // SAFETY: `scalekit_ffi_call` passes a status.
        unsafe { *status = RustCallStatus::error("zero") };
    }
    RustBuffer::from_vec(bytes)
}

extern "C" fn sum(first: u64, second: u64, _: *mut RustCallStatus) -> u64 {
    first + second
}

extern "C" fn negative(_: u64, _: *mut RustCallStatus) -> i8 {
    -1
}

/// Memory as the Kotlin package has it.
struct Memory {
    frame: Frame,
    space: Vec<u8>,
}

impl Memory {
    fn new(size: usize, arguments: &[u64]) -> Self {
        let mut space = vec![0; size];
        let mut all = [0; ARGUMENTS];
        all[..arguments.len()].copy_from_slice(arguments);
        let buffer = Buffer { capacity: 0, length: 0, data: 0 };
        let address = space.as_mut_ptr() as usize as u64;
        let frame = Frame { status: 9, value: 9, buffer, space: address, size: size as u64, arguments: all };
        Self { frame, space }
    }

    fn call(&mut self, shape: &str, function: *const ()) {
        // SAFETY: the tests pass functions of these shapes.
        unsafe {
            scalekit_ffi_call(code(shape), function as usize as u64, (&raw mut self.frame) as usize as u64)
        };
    }

    /// The buffer that the call has returned.
    fn bytes(&self) -> Vec<u8> {
        let Buffer { capacity, length, data } = self.frame.buffer;
        if capacity == 0 {
            return self.space[..length as usize].to_vec();
        }
        // SAFETY: the call has left this buffer.
        let bytes =
            unsafe { std::slice::from_raw_parts(data as usize as *const u8, length as usize) }.to_vec();
        // SAFETY: as above.
        unsafe { scalekit_ffi_free((&raw const self.frame) as usize as u64) };
        bytes
    }
}

fn call_joined(size: usize, number: u64, text: &str) -> Memory {
    let mut memory = Memory::new(size, &[number, text.as_ptr() as usize as u64, text.len() as u64]);
    memory.call("lBs>B", joined as *const ());
    memory
}

#[test]
fn numbers_are_passed_and_returned() {
    let mut memory = Memory::new(0, &[u64::MAX - 7, 7]);
    memory.call("lls>l", sum as *const ());
    assert_eq!((memory.frame.status, memory.frame.value), (0, u64::MAX));
    memory.call("ls>b", negative as *const ());
    assert_eq!(memory.frame.value as i64, -1);
}

#[test]
fn a_buffer_that_fits_is_returned_in_the_memory_of_the_caller() {
    let memory = call_joined(11, 1, "abc");
    assert_eq!((memory.frame.status, memory.frame.buffer.capacity), (0, 0));
    assert_eq!(memory.bytes(), b"\x01\0\0\0\0\0\0\0cba");
}

#[test]
fn a_larger_buffer_is_left_to_the_caller_to_free() {
    let memory = call_joined(10, 1, "abc");
    assert_ne!(memory.frame.buffer.capacity, 0);
    assert_eq!(memory.bytes(), b"\x01\0\0\0\0\0\0\0cba");
}

#[test]
fn an_error_takes_the_place_of_the_result() {
    let memory = call_joined(100, 0, "abc");
    assert_eq!((memory.frame.status, memory.bytes().as_slice()), (2, b"zero".as_slice()));
}

#[test]
fn an_unknown_shape_is_an_error() {
    let mut memory = Memory::new(100, &[]);
    memory.call("bbbb>b", std::ptr::null());
    assert_eq!((memory.frame.status, memory.bytes().as_slice()), (2, b"unknown shape".as_slice()));
}

#[test]
fn shapes_have_distinct_numbers() {
    macro_rules! codes {
        ($($shape:literal => $function:ty,)*) => { vec![$(code($shape)),*] };
    }
    let mut codes = shapes!(codes);
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
}
