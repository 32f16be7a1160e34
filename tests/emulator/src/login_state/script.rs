//! Scripted decisions of the identity provider: a queue, one entry per login.

use std::collections::VecDeque;

use serde::Deserialize;

use super::authorization::Denial;
use super::forge::Forgery;
use super::person::Person;
use crate::error::ControlError;

/// The decision about one login.
#[derive(Debug, Clone)]
pub(crate) enum Decision {
    Approve(Box<Approval>),
    Deny(Denial),
}

/// The user who signs in, and changes to the first tokens of the login.
#[derive(Debug, Clone, Default)]
pub(crate) struct Approval {
    pub(crate) person: Person,
    pub(crate) id_token: Forgery,
    pub(crate) access_token: Forgery,
}

/// Control-plane parameters of scripted decisions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    approve: Option<Person>,
    deny: Option<Denial>,
    #[serde(default)]
    id_token: Forgery,
    #[serde(default)]
    access_token: Forgery,
    #[serde(default = "once")]
    count: usize,
}

fn once() -> usize {
    1
}

/// Bounds the memory of the queue; far more than a test needs.
const MAX_PENDING: usize = 10_000;

/// The pending decisions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    queue: VecDeque<Decision>,
}

impl Script {
    pub(crate) fn add(&mut self, draft: Draft) -> Result<(), ControlError> {
        let decision = match (draft.approve, draft.deny) {
            (Some(person), None) => Decision::Approve(Box::new(Approval {
                person,
                id_token: draft.id_token,
                access_token: draft.access_token,
            })),
            (None, Some(denial)) => Decision::Deny(denial),
            _ => return Err(ControlError::new("script: exactly one of approve and deny is required")),
        };
        if draft.count == 0 || self.queue.len() + draft.count > MAX_PENDING {
            return Err(ControlError::new(format!(
                "script: count must be at least 1, and at most {MAX_PENDING} decisions may be pending"
            )));
        }
        self.queue.extend(std::iter::repeat_n(decision, draft.count));
        Ok(())
    }

    pub(crate) fn next(&mut self) -> Option<Decision> {
        self.queue.pop_front()
    }

    pub(crate) fn pending(&self) -> usize {
        self.queue.len()
    }

    pub(crate) fn clear(&mut self) {
        self.queue.clear();
    }
}
