//! The tokens whose signature was verified recently. Verifying an RSA signature takes longer than the rest of a request.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

/// Maximum number of tokens. Beyond it, all are forgotten, which costs one verification each.
const CAPACITY: usize = 1000;

/// Longer tokens are not kept, so that the memory is bounded.
const MAX_LENGTH: usize = 4096;

/// The claims of verified tokens, by the complete token.
#[derive(Debug, Clone, Default)]
pub(crate) struct VerifiedTokens {
    all: RefCell<HashMap<String, Arc<Value>>>,
    /// The token of the last request and its claims. A comparison is faster than the hash of a token.
    last: RefCell<Option<(String, Arc<Value>)>>,
}

impl VerifiedTokens {
    pub(crate) fn claims(&self, token: &str) -> Option<Arc<Value>> {
        let mut last = self.last.borrow_mut();
        if let Some((_, claims)) = last.as_ref().filter(|(own, _)| own == token) {
            return Some(Arc::clone(claims));
        }
        let claims = self.all.borrow().get(token).cloned()?;
        *last = Some((token.into(), Arc::clone(&claims)));
        Some(claims)
    }

    pub(crate) fn insert(&self, token: &str, claims: &Arc<Value>) {
        if token.len() > MAX_LENGTH {
            return;
        }
        let mut tokens = self.all.borrow_mut();
        if tokens.len() >= CAPACITY {
            tokens.clear();
        }
        tokens.insert(token.into(), Arc::clone(claims));
    }

    /// Forgets all tokens, because a key was removed.
    pub(crate) fn clear(&self) {
        self.all.borrow_mut().clear();
        *self.last.borrow_mut() = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_length_of_tokens_are_bounded() {
        let tokens = VerifiedTokens::default();
        tokens.insert(&"x".repeat(MAX_LENGTH + 1), &Arc::default());
        assert!(tokens.all.borrow().is_empty());
        for number in 0..2 * CAPACITY {
            tokens.insert(&number.to_string(), &Arc::new(number.into()));
            assert!(tokens.all.borrow().len() <= CAPACITY);
            for _ in 0..2 {
                assert_eq!(tokens.claims(&number.to_string()).as_deref(), Some(&number.into()));
            }
        }
        tokens.clear();
        assert_eq!(tokens.claims(&(2 * CAPACITY - 1).to_string()), None);
    }
}
