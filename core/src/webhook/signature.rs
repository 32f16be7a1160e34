//! The decision whether a delivery is genuine: from the headers, the bytes of the body, the keys, and the time.

use base64::Engine as _;
use subtle::{Choice, ConstantTimeEq as _};

use super::headers::Claimed;
use super::key::{BASE64, Key};
use super::refusal::{Reason, Verdict, refuse};

const VERSION: &str = "v1";

/// Refuses what is too old or too new, and what none of the keys has signed.
pub(super) fn verify(
    claimed: &Claimed<'_>,
    body: &[u8],
    keys: &[Key],
    now: i64,
    tolerance: i64,
) -> Verdict<()> {
    let age = now.saturating_sub(claimed.unix_seconds);
    if age > tolerance {
        return refuse(
            Reason::TimestampTooOld,
            format!("it was signed {age} s ago, and {tolerance} s are allowed"),
        );
    }
    if age < -tolerance {
        let ahead = age.saturating_neg();
        return refuse(
            Reason::TimestampTooNew,
            format!(
                "it was signed {ahead} s in the future, and {tolerance} s are allowed; check this machine's clock"
            ),
        );
    }
    let signatures: Vec<_> = usable(claimed.signatures).collect();
    if signatures.is_empty() {
        return refuse(Reason::NoUsableSignature, "none of the signatures is of the form v1,<base64>");
    }
    if !any_matches(claimed, body, keys, &signatures) {
        return refuse(
            Reason::WrongSignature,
            "no signature fits: the secret is another one, or the body is not what was sent, byte for byte",
        );
    }
    Ok(())
}

/// The signatures of the version that we know. What is not base64 cannot be one.
fn usable(signatures: &str) -> impl Iterator<Item = Vec<u8>> {
    let entries = signatures.split_ascii_whitespace().filter_map(|entry| entry.split_once(','));
    let known = entries.filter(|(version, _)| *version == VERSION);
    known.filter_map(|(_, text)| BASE64.decode(text).ok()).filter(|signature| !signature.is_empty())
}

/// Each key signs once, however many signatures there are. All pairs are compared to their end, so that the time says
/// nothing about which one fits, or how nearly.
fn any_matches(claimed: &Claimed<'_>, body: &[u8], keys: &[Key], signatures: &[Vec<u8>]) -> bool {
    let mut found = Choice::from(0);
    for key in keys {
        let expected = key.sign(claimed.id, claimed.timestamp, body);
        for signature in signatures {
            found |= expected.as_ref().ct_eq(signature);
        }
    }
    found.into()
}
