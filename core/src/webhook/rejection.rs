//! Reasons for rejecting a delivery, each with an error code.

use crate::error::ScalekitError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    MissingHeader,
    MalformedHeader,
    TimestampTooOld,
    TimestampTooNew,
    NoUsableSignature,
    WrongSignature,
}

impl Reason {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::MissingHeader => "missing_header",
            Self::MalformedHeader => "malformed_header",
            Self::TimestampTooOld => "timestamp_too_old",
            Self::TimestampTooNew => "timestamp_too_new",
            Self::NoUsableSignature => "no_usable_signature",
            Self::WrongSignature => "wrong_signature",
        }
    }
}

/// A reason and its explanation. The explanation never quotes the delivery, whose text the sender controls.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rejection {
    reason: Reason,
    explanation: String,
}

pub(super) type Verified<T> = std::result::Result<T, Rejection>;

pub(super) fn reject<T>(reason: Reason, explanation: impl Into<String>) -> Verified<T> {
    Err(Rejection { reason, explanation: explanation.into() })
}

impl Rejection {
    pub(super) fn into_error(self, operation: &str) -> ScalekitError {
        ScalekitError::invalid_webhook(operation, self.reason.code(), self.explanation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rejection_codes_are_documented_at_the_error() {
        let documentation = include_str!("../error/mod.rs");
        for reason in [
            Reason::MissingHeader,
            Reason::MalformedHeader,
            Reason::TimestampTooOld,
            Reason::TimestampTooNew,
            Reason::NoUsableSignature,
            Reason::WrongSignature,
        ] {
            assert!(documentation.contains(&format!("`{}`", reason.code())), "{reason:?} is not documented");
        }
    }
}
