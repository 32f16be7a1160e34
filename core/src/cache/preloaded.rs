//! Signing keys that the caller provides.

use std::sync::Arc;
use std::time::Instant;

use once_cell::race::OnceBox;

use crate::jwt::KeySet;

/// Provided keys, and the time from which they count.
#[derive(Debug)]
pub(crate) struct Provided {
    pub keys: Arc<KeySet>,
    pub at: Instant,
    /// Whether no other keys are ever requested.
    pub exclusive: bool,
}

/// An append-only list whose last entry is in effect. Forked children inherit it, so that a server which preloads keys
/// before it forks has them in each worker. It has no lock, which a fork could leave locked.
#[derive(Debug, Default)]
pub(crate) struct PreloadedKeys {
    first: OnceBox<Node>,
}

#[derive(Debug)]
struct Node {
    provided: Provided,
    next: OnceBox<Node>,
}

impl PreloadedKeys {
    pub(crate) fn add(&self, provided: Provided) {
        let mut node = Box::new(Node { provided, next: OnceBox::new() });
        let mut slot = &self.first;
        loop {
            match slot.set(node) {
                Ok(()) => return,
                Err(rejected) => node = rejected,
            }
            if let Some(occupied) = slot.get() {
                slot = &occupied.next;
            }
        }
    }

    pub(crate) fn last(&self) -> Option<&Provided> {
        let mut node = self.first.get()?;
        while let Some(next) = node.next.get() {
            node = next;
        }
        Some(&node.provided)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_entry_is_in_effect() {
        let (preloaded, start) = (PreloadedKeys::default(), Instant::now());
        assert!(preloaded.last().is_none());
        for exclusive in [true, false, true] {
            preloaded.add(Provided { keys: Arc::default(), at: start, exclusive });
            assert_eq!(preloaded.last().unwrap().exclusive, exclusive);
        }
    }
}
