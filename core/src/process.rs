//! Per-process state.
//!
//! A forked child inherits the parent's memory but not its threads: inherited runtimes, connections and locks are dead or
//! shared with the parent. Such state is therefore kept by process ID. The child creates its own and never touches the
//! inherited one, not even to drop it.

use once_cell::race::OnceBox;

/// A value that is lazily initialized in each process.
///
/// An append-only list with one node for each generation of forks. It is lock-free: a lock that another thread holds at
/// the time of the fork would stay locked in the child.
pub(crate) struct PerProcess<T> {
    first: OnceBox<Node<T>>,
}

struct Node<T> {
    pid: u32,
    value: Option<T>,
    next: OnceBox<Node<T>>,
}

impl<T> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self { first: OnceBox::new() }
    }

    /// Returns this process's value. If two threads initialize it at the same time, `make` runs twice and one result is
    /// dropped.
    pub(crate) fn get_or_try_init<E>(&self, make: impl Fn() -> Result<T, E>) -> Result<&T, E> {
        let pid = std::process::id();
        let mut slot = &self.first;
        loop {
            let node = slot
                .get_or_try_init(|| Ok(Box::new(Node { pid, value: Some(make()?), next: OnceBox::new() })))?;
            match &node.value {
                Some(value) if node.pid == pid => return Ok(value),
                _ => slot = &node.next,
            }
        }
    }

    /// Returns this process's value if it is initialized.
    pub(crate) fn get(&self) -> Option<&T> {
        let pid = std::process::id();
        let mut slot = &self.first;
        while let Some(node) = slot.get() {
            if node.pid == pid {
                return node.value.as_ref();
            }
            slot = &node.next;
        }
        None
    }
}

impl<T> Drop for Node<T> {
    fn drop(&mut self) {
        if self.pid != std::process::id() {
            // Dropping it would join threads that do not exist here, and close connections that the parent uses.
            std::mem::forget(self.value.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn value_is_initialized_once() {
        let made = AtomicUsize::new(0);
        let cell = PerProcess::new();
        assert_eq!(cell.get(), None);
        let make = || Ok::<_, Infallible>(made.fetch_add(1, Ordering::SeqCst));
        assert_eq!(cell.get_or_try_init(make), Ok(&0));
        assert_eq!(cell.get_or_try_init(make), Ok(&0));
        assert_eq!(cell.get(), Some(&0));
    }

    #[test]
    fn failed_initialization_is_repeated() {
        let cell = PerProcess::<u8>::new();
        assert_eq!(cell.get_or_try_init(|| Err("no")), Err("no"));
        assert_eq!(cell.get_or_try_init(|| Ok::<_, &str>(7)), Ok(&7));
    }

    #[test]
    fn inherited_value_is_ignored_and_not_dropped() {
        struct Bomb(u8);
        impl Drop for Bomb {
            fn drop(&mut self) {
                assert_ne!(self.0, 1, "the parent's value was dropped in the child");
            }
        }
        let cell = PerProcess::new();
        let inherited = Node { pid: 0, value: Some(Bomb(1)), next: OnceBox::new() };
        assert!(cell.first.set(Box::new(inherited)).is_ok());
        assert!(cell.get().is_none());
        assert_eq!(cell.get_or_try_init(|| Ok::<_, Infallible>(Bomb(2))).map(|bomb| bomb.0), Ok(2));
        assert_eq!(cell.get().map(|bomb| bomb.0), Some(2));
    }
}
