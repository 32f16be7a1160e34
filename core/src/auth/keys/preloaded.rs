//! Keys that the caller brought along.

use std::sync::Arc;
use std::time::Instant;

use once_cell::race::OnceBox;

use super::KeySet;

/// What was brought along, and how.
#[derive(Debug)]
pub(crate) struct Brought {
    pub keys: Arc<KeySet>,
    pub at: Instant,
    /// Whether these are all there are: none are fetched.
    pub only: bool,
}

/// A list that only grows: the last entry counts. It holds in forked children too, so that a server which loads keys
/// before it forks has them in every worker; and it takes no lock, which a fork could leave locked for ever.
#[derive(Debug, Default)]
pub(crate) struct Preloaded {
    first: OnceBox<Node>,
}

#[derive(Debug)]
struct Node {
    brought: Brought,
    next: OnceBox<Node>,
}

impl Preloaded {
    pub(crate) fn add(&self, brought: Brought) {
        let mut node = Box::new(Node { brought, next: OnceBox::new() });
        let mut slot = &self.first;
        loop {
            match slot.set(node) {
                Ok(()) => return,
                Err(refused) => node = refused,
            }
            if let Some(taken) = slot.get() {
                slot = &taken.next;
            }
        }
    }

    pub(crate) fn last(&self) -> Option<&Brought> {
        let mut node = self.first.get()?;
        while let Some(next) = node.next.get() {
            node = next;
        }
        Some(&node.brought)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_entry_counts() {
        let (preloaded, start) = (Preloaded::default(), Instant::now());
        assert!(preloaded.last().is_none());
        for only in [true, false, true] {
            preloaded.add(Brought { keys: Arc::default(), at: start, only });
            assert_eq!(preloaded.last().unwrap().only, only);
        }
    }
}
