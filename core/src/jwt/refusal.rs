//! Why a token is not accepted: every reason has one code and one place.

use std::borrow::Cow;

use crate::error::{ScalekitError, is_hidden};

/// A reason, in the order in which a token is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    TooLarge,
    Malformed,
    UnsupportedAlgorithm,
    CriticalHeader,
    UntrustedKeyHeader,
    UnknownKey,
    BadSignature,
    DuplicateClaim,
    MissingClaim,
    InvalidClaim,
    WrongIssuer,
    WrongTokenType,
    WrongAudience,
    WrongAuthorizedParty,
    WrongSubject,
    WrongNonce,
    WrongAccessTokenHash,
    WrongCodeHash,
    IssuedInFuture,
    NotYetValid,
    Expired,
    MissingScope,
}

impl Reason {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::UnsupportedAlgorithm => "unsupported_algorithm",
            Self::CriticalHeader => "critical_header",
            Self::UntrustedKeyHeader => "untrusted_key_header",
            Self::UnknownKey => "unknown_key",
            Self::BadSignature => "bad_signature",
            Self::DuplicateClaim => "duplicate_claim",
            Self::MissingClaim => "missing_claim",
            Self::InvalidClaim => "invalid_claim",
            Self::WrongIssuer => "wrong_issuer",
            Self::WrongTokenType => "wrong_token_type",
            Self::WrongAudience => "wrong_audience",
            Self::WrongAuthorizedParty => "wrong_authorized_party",
            Self::WrongSubject => "wrong_subject",
            Self::WrongNonce => "wrong_nonce",
            Self::WrongAccessTokenHash => "wrong_access_token_hash",
            Self::WrongCodeHash => "wrong_code_hash",
            Self::IssuedInFuture => "issued_in_future",
            Self::NotYetValid => "not_yet_valid",
            Self::Expired => "token_expired",
            Self::MissingScope => "missing_scope",
        }
    }
}

/// A reason with its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub reason: Reason,
    pub why: Cow<'static, str>,
}

pub(crate) type Verdict<T = ()> = std::result::Result<T, Refusal>;

pub(crate) fn refuse<T>(reason: Reason, why: impl Into<Cow<'static, str>>) -> Verdict<T> {
    Err(Refusal { reason, why: why.into() })
}

impl Refusal {
    /// As an error of the call that was made.
    pub(crate) fn of(self, operation: &str) -> ScalekitError {
        match self.reason {
            Reason::Expired => ScalekitError::token_expired(operation, self.why),
            Reason::MissingScope => ScalekitError::missing_scope(operation, self.why),
            reason => ScalekitError::invalid_token(operation, reason.code(), self.why),
        }
    }
}

/// A claim's text as an error may show it: on one line, and not for ever. Only claims of verified tokens are shown.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 100;
    let mut short: String = text.chars().filter(|c| !is_hidden(*c)).take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("`{short}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Reason; 22] = [
        Reason::TooLarge,
        Reason::Malformed,
        Reason::UnsupportedAlgorithm,
        Reason::CriticalHeader,
        Reason::UntrustedKeyHeader,
        Reason::UnknownKey,
        Reason::BadSignature,
        Reason::DuplicateClaim,
        Reason::MissingClaim,
        Reason::InvalidClaim,
        Reason::WrongIssuer,
        Reason::WrongTokenType,
        Reason::WrongAudience,
        Reason::WrongAuthorizedParty,
        Reason::WrongSubject,
        Reason::WrongNonce,
        Reason::WrongAccessTokenHash,
        Reason::WrongCodeHash,
        Reason::IssuedInFuture,
        Reason::NotYetValid,
        Reason::Expired,
        Reason::MissingScope,
    ];

    #[test]
    fn every_code_is_its_own_and_documented() {
        let documentation = include_str!("../error/mod.rs");
        let codes: std::collections::HashSet<_> = ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), ALL.len());
        for code in codes {
            assert!(documentation.contains(&format!("`{code}`")), "{code} is not documented");
        }
    }

    #[test]
    fn what_is_shown_is_one_short_line() {
        assert_eq!(shown("a\nb"), "`ab…`");
        assert_eq!(shown("a\u{202e}b\u{2028}"), "`ab…`");
        assert_eq!(shown("https://a.example"), "`https://a.example`");
        assert_eq!(shown(&"x".repeat(500)).chars().count(), 103);
    }
}
