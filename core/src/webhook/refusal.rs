//! Why a delivery is not accepted: every reason has one code.

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

/// A reason with its sentence, which holds nothing of what arrived.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    reason: Reason,
    why: String,
}

pub(super) type Verdict<T> = std::result::Result<T, Refusal>;

pub(super) fn refuse<T>(reason: Reason, why: impl Into<String>) -> Verdict<T> {
    Err(Refusal { reason, why: why.into() })
}

impl Refusal {
    pub(super) fn of(self, operation: &str) -> ScalekitError {
        ScalekitError::invalid_webhook(operation, self.reason.code(), self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_documented_where_callers_look() {
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
