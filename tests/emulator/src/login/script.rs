//! What people are to do at the identity provider: a queue of decisions, one for each login.

use std::collections::VecDeque;

use serde::Deserialize;

use super::forge::Forgery;
use super::person::Person;
use crate::error::ControlError;

/// What happens to one login.
#[derive(Debug, Clone)]
pub(crate) enum Decision {
    Approve(Box<Approval>),
    Deny(Denial),
}

/// Who logs in, and what is wrong with their first tokens, if anything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Approval {
    pub(crate) person: Person,
    pub(crate) id_token: Forgery,
    pub(crate) access_token: Forgery,
}

/// The error of the callback.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Denial {
    pub(crate) error: String,
    #[serde(default = "Denial::words")]
    pub(crate) error_description: String,
}

impl Denial {
    fn words() -> String {
        "The identity provider refused.".into()
    }

    /// What the button on the page does.
    pub(crate) fn by_the_person() -> Denial {
        Denial { error: "access_denied".into(), error_description: "The person refused.".into() }
    }
}

/// Decisions as the control plane describes them.
#[derive(Debug, Deserialize)]
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

/// More than a test needs, and little enough to keep.
const MOST: usize = 10_000;

/// The decisions to come.
#[derive(Debug, Default)]
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
            _ => return Err(ControlError::new("script: exactly one of approve and deny is needed")),
        };
        if draft.count == 0 || self.queue.len() + draft.count > MOST {
            return Err(ControlError::new(format!("script: count must be 1 to {MOST} in all")));
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
