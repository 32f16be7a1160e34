//! Signature verification from the headers, the raw body, the keys and the current time.

use base64::Engine as _;
use subtle::{Choice, ConstantTimeEq as _};

use super::headers::SignatureHeaders;
use super::key::{BASE64, Key};
use super::rejection::{Reason, Verified, reject};

const VERSION: &str = "v1";

/// Rejects a delivery that is too old or too new, or that none of the keys has signed.
pub(super) fn verify(
    signed: &SignatureHeaders<'_>,
    body: &[u8],
    keys: &[Key],
    now: i64,
    tolerance: i64,
) -> Verified<()> {
    let age = now.saturating_sub(signed.unix_seconds);
    if age > tolerance {
        return reject(
            Reason::TimestampTooOld,
            format!("signed {age} s ago, but the tolerance is {tolerance} s"),
        );
    }
    if age < -tolerance {
        let ahead = age.saturating_neg();
        return reject(
            Reason::TimestampTooNew,
            format!(
                "signed {ahead} s in the future, but the tolerance is {tolerance} s; check this machine's clock"
            ),
        );
    }
    let signatures: Vec<_> = supported_signatures(signed.signatures).collect();
    if signatures.is_empty() {
        return reject(Reason::NoUsableSignature, "no signature has the form v1,<base64>");
    }
    if !any_matches(signed, body, keys, &signatures) {
        return reject(
            Reason::WrongSignature,
            "no signature matches: the secret is wrong, or the body differs from the bytes that were sent",
        );
    }
    Ok(())
}

/// Returns the decoded signatures of the supported version. Entries that are not base64 are ignored.
fn supported_signatures(signatures: &str) -> impl Iterator<Item = Vec<u8>> {
    let entries = signatures.split_ascii_whitespace().filter_map(|entry| entry.split_once(','));
    let supported = entries.filter(|(version, _)| *version == VERSION);
    supported.filter_map(|(_, text)| BASE64.decode(text).ok()).filter(|signature| !signature.is_empty())
}

/// Each key signs once, regardless of the number of signatures. All pairs are compared completely, so that the timing
/// does not reveal which pair matches, or how closely.
fn any_matches(signed: &SignatureHeaders<'_>, body: &[u8], keys: &[Key], signatures: &[Vec<u8>]) -> bool {
    let mut found = Choice::from(0);
    for key in keys {
        let expected = key.sign(signed.id, signed.timestamp, body);
        for signature in signatures {
            found |= expected.as_ref().ct_eq(signature);
        }
    }
    found.into()
}
