//! Reasons for rejecting a token. Each has one code.

use std::borrow::Cow;

use crate::error::{ScalekitError, is_hidden};

/// A reason, in the order of the checks.
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

/// A reason with its explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejection {
    pub reason: Reason,
    pub explanation: Cow<'static, str>,
}

pub(crate) type TokenResult<T = ()> = std::result::Result<T, Rejection>;

pub(crate) fn reject<T>(reason: Reason, explanation: impl Into<Cow<'static, str>>) -> TokenResult<T> {
    Err(Rejection { reason, explanation: explanation.into() })
}

impl Rejection {
    /// Converts into an error of the operation.
    pub(crate) fn into_error(self, operation: &str) -> ScalekitError {
        match self.reason {
            Reason::Expired => ScalekitError::token_expired(operation, self.explanation),
            Reason::MissingScope => ScalekitError::missing_scope(operation, self.explanation),
            reason => ScalekitError::invalid_token(operation, reason.code(), self.explanation),
        }
    }
}

/// Quotes the text of a claim for an error summary: one line of bounded length. Only for claims of verified tokens.
pub(crate) fn quoted(text: &str) -> String {
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

    const REASONS: [Reason; 22] = [
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
    fn reason_codes_are_unique_and_documented() {
        let documentation = include_str!("../error/mod.rs");
        let codes: std::collections::HashSet<_> = REASONS.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), REASONS.len());
        for code in codes {
            assert!(documentation.contains(&format!("`{code}`")), "{code} is not documented");
        }
    }

    #[test]
    fn quoted_text_is_one_line_of_bounded_length() {
        assert_eq!(quoted("a\nb"), "`ab…`");
        assert_eq!(quoted("a\u{202e}b\u{2028}"), "`ab…`");
        assert_eq!(quoted("https://a.example"), "`https://a.example`");
        assert_eq!(quoted(&"x".repeat(500)).chars().count(), 103);
    }
}
