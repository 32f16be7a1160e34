//! The pipe of a queue.

#[cfg(unix)]
pub(super) use unix::Pipe;
#[cfg(not(unix))]
pub(super) use unsupported::Pipe;

#[cfg(unix)]
mod unix {
    use std::io::{PipeReader, PipeWriter, Result, Write};
    use std::os::fd::AsRawFd;

    #[derive(Debug)]
    pub(crate) struct Pipe {
        pub reader: PipeReader,
        pub writer: PipeWriter,
    }

    impl Pipe {
        pub(crate) fn new() -> Result<Self> {
            let (reader, writer) = std::io::pipe()?;
            Ok(Self { reader, writer })
        }

        pub(crate) fn read_fd(&self) -> i32 {
            self.reader.as_raw_fd()
        }

        pub(crate) fn write_fd(&self) -> i32 {
            self.writer.as_raw_fd()
        }

        pub(crate) fn write(&self, bytes: &[u8]) -> Result<usize> {
            (&self.writer).write(bytes)
        }
    }
}

#[cfg(not(unix))]
mod unsupported {
    use std::io::{ErrorKind, Result};

    /// Does not exist: an event loop of Windows cannot wait for a pipe.
    #[derive(Debug)]
    pub(crate) enum Pipe {}

    impl Pipe {
        pub(crate) fn new() -> Result<Self> {
            Err(ErrorKind::Unsupported.into())
        }

        pub(crate) fn read_fd(&self) -> i32 {
            match *self {}
        }

        pub(crate) fn write_fd(&self) -> i32 {
            match *self {}
        }

        pub(crate) fn write(&self, _bytes: &[u8]) -> Result<usize> {
            match *self {}
        }
    }
}
