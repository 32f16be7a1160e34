//! Calls of UniFFI's functions with arguments and results in memory of the caller, for the Kotlin package.
//!
//! UniFFI's functions take structures by value, for which a virtual machine has to describe the types of each function.
//! [`scalekit_ffi_call`] takes three numbers, whichever function it calls. Its caller passes buffers by address and length, and
//! finds a result that fits into its memory there, so that it makes one native call and not one more for each buffer.

use std::mem::ManuallyDrop;

use uniffi::{ForeignBytes, RustBuffer, RustCallStatus, RustCallStatusCode};

use crate::shape::{code, shapes};

/// The most numbers that the arguments of a function take.
const ARGUMENTS: usize = 16;

/// The memory of a call. All numbers have the byte order of the machine.
#[repr(C)]
pub struct Frame {
    /// After the call, UniFFI's status: 0 for success, 1 for an error of the function, 2 for a defect, 3 for cancellation.
    status: u64,
    /// After the call, the result if it is a number.
    value: u64,
    /// After the call, a buffer: the result, or the error. If it fits into `space`, only its length is set.
    buffer: Buffer,
    /// The address and the size of memory that the result may overwrite.
    space: u64,
    size: u64,
    /// A number takes one element, bytes take two: address and length. The bytes may be in `space`.
    arguments: [u64; ARGUMENTS],
}

#[repr(C)]
struct Buffer {
    /// 0 if there is none.
    capacity: u64,
    length: u64,
    data: u64,
}

/// Calls the function at an address, which has a shape with the number `shape`. The numbers have 64 bits on all machines.
///
/// # Safety
///
/// The function must have this shape, `frame` must be the address of a [`Frame`] whose addresses are valid, and no other
/// thread may use it during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_ffi_call(shape: u64, function: u64, frame: u64) {
    let function = function as usize as *const ();
    // SAFETY: see above.
    let frame = unsafe { &mut *(frame as usize as *mut Frame) };
    let mut status = RustCallStatus::default();
    // SAFETY: see above.
    unsafe { dispatch(shape, function, frame, &mut status) };
    frame.status = status.code as u64;
    if frame.status != RustCallStatusCode::Success as u64 {
        ManuallyDrop::into_inner(status.error_buf).put(frame);
    }
}

/// Frees the buffer that a call has left in a frame, because it did not fit into the memory of the caller.
///
/// # Safety
///
/// `frame` must be the address of a [`Frame`] as a call has left it, and this function must be called at most once for it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_ffi_free(frame: u64) {
    // SAFETY: see above.
    let Buffer { capacity, length, data } = unsafe { &(*(frame as usize as *const Frame)).buffer };
    // SAFETY: the parts are those of a vector that `put` has leaked.
    drop(unsafe { Vec::from_raw_parts(*data as usize as *mut u8, *length as usize, *capacity as usize) });
}

/// The arguments of a call, which are read in order.
struct Arguments<'a> {
    numbers: std::slice::Iter<'a, u64>,
    status: *mut RustCallStatus,
}

impl Arguments<'_> {
    fn number(&mut self) -> u64 {
        self.numbers.next().copied().unwrap_or_default()
    }
}

/// An argument of a function.
trait Argument {
    /// # Safety
    ///
    /// The address and the length of bytes must be valid.
    unsafe fn take(arguments: &mut Arguments<'_>) -> Self;
}

impl Argument for u64 {
    unsafe fn take(arguments: &mut Arguments<'_>) -> Self {
        arguments.number()
    }
}

impl Argument for i8 {
    unsafe fn take(arguments: &mut Arguments<'_>) -> Self {
        arguments.number() as i8
    }
}

impl Argument for *mut RustCallStatus {
    unsafe fn take(arguments: &mut Arguments<'_>) -> Self {
        arguments.status
    }
}

impl Argument for RustBuffer {
    unsafe fn take(arguments: &mut Arguments<'_>) -> Self {
        let (data, length) = (arguments.number() as usize as *const u8, arguments.number() as usize);
        // SAFETY: see above.
        RustBuffer::from_vec(unsafe { std::slice::from_raw_parts(data, length) }.to_vec())
    }
}

impl Argument for ForeignBytes {
    unsafe fn take(arguments: &mut Arguments<'_>) -> Self {
        let (data, length) = (arguments.number() as usize as *const u8, arguments.number() as i32);
        // SAFETY: see above.
        unsafe { ForeignBytes::from_raw_parts(data, length) }
    }
}

/// The result of a function.
trait Outcome {
    fn put(self, frame: &mut Frame);
}

impl Outcome for () {
    fn put(self, _: &mut Frame) {}
}

macro_rules! number_outcomes {
    ($($number:ty),*) => {
        $(impl Outcome for $number {
            fn put(self, frame: &mut Frame) {
                frame.value = self as u64;
            }
        })*
    };
}
number_outcomes!(u64, u32, u16, i8);

impl Outcome for RustBuffer {
    fn put(self, frame: &mut Frame) {
        let bytes = self.destroy_into_vec();
        let length = bytes.len() as u64;
        if length <= frame.size {
            // SAFETY: the caller has promised that `space` has this size. The arguments in it have been used.
            unsafe {
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), frame.space as usize as *mut u8, bytes.len())
            };
            frame.buffer = Buffer { capacity: 0, length, data: 0 };
        } else {
            let mut bytes = ManuallyDrop::new(bytes);
            let data = bytes.as_mut_ptr() as usize as u64;
            frame.buffer = Buffer { capacity: bytes.capacity() as u64, length, data };
        }
    }
}

macro_rules! dispatcher {
    ($($shape:literal => fn($($argument:ty),*) $(-> $result:ty)?,)*) => {
        unsafe fn dispatch(shape: u64, function: *const (), frame: &mut Frame, status: &mut RustCallStatus) {
            $(if shape == const { code($shape) } {
                // SAFETY: the caller has promised that the function has this shape.
                let function: unsafe extern "C" fn($($argument),*) $(-> $result)? = unsafe { std::mem::transmute(function) };
                #[allow(unused_mut, unused_variables)] // Some functions have no arguments.
                let mut arguments = Arguments { numbers: frame.arguments.iter(), status };
                // SAFETY: the caller has promised that the arguments are valid.
                let result = unsafe { function($(<$argument as Argument>::take(&mut arguments)),*) };
                return result.put(frame);
            })*
            *status = RustCallStatus::error("unknown shape");
        }
    };
}

shapes!(dispatcher);

#[cfg(test)]
mod tests;
