//! The bodies of the last responses, for the console.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

/// Older bodies are removed beyond this number.
const CAPACITY: usize = 1000;

/// Older bodies are removed beyond this size, in bytes.
const SIZE_LIMIT: usize = 4 * 1024 * 1024;

/// Longer bodies are cut, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// Bodies by the sequence number of the request.
#[derive(Debug, Default)]
pub(crate) struct Responses {
    bodies: Mutex<Bodies>,
}

#[derive(Debug, Default)]
struct Bodies {
    list: VecDeque<(u64, Bytes)>,
    size: usize,
}

impl Responses {
    /// Keeps a body. A short one is shared with the response and not copied.
    pub(crate) fn add(&self, sequence: u64, body: &Bytes) {
        if body.is_empty() {
            return;
        }
        let body = match body.get(..BODY_LIMIT) {
            Some(start) => Bytes::copy_from_slice(start),
            None => body.clone(),
        };
        let mut bodies = self.lock();
        bodies.size += body.len();
        bodies.list.push_back((sequence, body));
        while bodies.list.len() > CAPACITY || bodies.size > SIZE_LIMIT {
            let Some((_, oldest)) = bodies.list.pop_front() else { return };
            bodies.size -= oldest.len();
        }
    }

    /// The body of a response, if it is still known.
    pub(crate) fn get(&self, sequence: u64) -> Option<Bytes> {
        let bodies = self.lock();
        let found = bodies.list.iter().rev().find(|(own, _)| *own == sequence);
        found.map(|(_, body)| body.clone())
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Bodies::default();
    }

    fn lock(&self) -> MutexGuard<'_, Bodies> {
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_size_of_bodies_are_limited() {
        let responses = Responses::default();
        for sequence in 1..=1001 {
            responses.add(sequence, &Bytes::from_static(b"{}"));
        }
        assert_eq!((responses.get(1), responses.get(2).is_some()), (None, true));
        let long = Bytes::from(vec![b'x'; BODY_LIMIT + 1]);
        for sequence in 2000..2100 {
            responses.add(sequence, &long);
        }
        assert!(responses.lock().size <= SIZE_LIMIT);
        assert_eq!(responses.get(2099).unwrap().len(), BODY_LIMIT);
        responses.clear();
        assert_eq!(responses.get(2099), None);
    }
}
