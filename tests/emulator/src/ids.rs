//! IDs and random strings.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ring::hmac::{HMAC_SHA256, Key, Tag, sign};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

/// IDs consist of a prefix and 18 digits. The service's IDs are mostly digits and at most 32 characters long.
const SMALLEST: u64 = 100_000_000_000_000_000;

/// Each emulator takes its IDs from a random block of this size.
const BLOCK: u64 = 1_000_000_000;

/// Each emulator is a single environment.
pub(crate) const ENVIRONMENT_ID: &str = "env_100000000000000001";

/// Generates IDs that are not reused after a reset or by another emulator, so that a stale ID, key or token never
/// matches a new one. Clones share one counter.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "StoredIds", into = "StoredIds")]
pub(crate) struct Ids {
    last: Arc<AtomicU64>,
}

/// The counter in a state file.
#[derive(Serialize, Deserialize)]
struct StoredIds {
    next: u64,
}

impl From<Ids> for StoredIds {
    fn from(ids: Ids) -> StoredIds {
        StoredIds { next: ids.last() }
    }
}

impl From<StoredIds> for Ids {
    fn from(stored: StoredIds) -> Ids {
        Ids { last: Arc::new(stored.next.into()) }
    }
}

impl Default for Ids {
    fn default() -> Self {
        let block = u64::from(u32::from_le_bytes(random_bytes())) % (8 * SMALLEST / BLOCK);
        StoredIds { next: SMALLEST + block * BLOCK }.into()
    }
}

impl Ids {
    pub(crate) fn next(&self, prefix: &str) -> String {
        format!("{prefix}_{}", self.last.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// The number of the last ID.
    pub(crate) fn last(&self) -> u64 {
        self.last.load(Ordering::Relaxed)
    }

    /// Continues after the last ID of a state file.
    pub(crate) fn restore(&self, stored: &Ids) {
        self.last.store(stored.last(), Ordering::Relaxed);
    }
}

/// Generates trace IDs of 32 hexadecimal digits, which differ between emulators. Only the first half is random: each
/// random number is a system call.
#[derive(Debug)]
pub(crate) struct TraceIds {
    emulator: u64,
    last: AtomicU64,
}

impl Default for TraceIds {
    fn default() -> Self {
        TraceIds { emulator: u64::from_le_bytes(random_bytes()), last: AtomicU64::default() }
    }
}

impl TraceIds {
    pub(crate) fn next(&self) -> String {
        format!("{:016x}{:016x}", self.emulator, self.last.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// A random key that authenticates what the emulator issues.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "[u8; 32]", into = "[u8; 32]")]
pub(crate) struct HmacKey {
    bytes: [u8; 32],
    key: Key,
}

impl HmacKey {
    pub(crate) fn sign(&self, message: &[u8]) -> Tag {
        sign(&self.key, message)
    }
}

impl std::fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HmacKey")
    }
}

impl Default for HmacKey {
    fn default() -> Self {
        random_bytes().into()
    }
}

impl From<[u8; 32]> for HmacKey {
    fn from(bytes: [u8; 32]) -> HmacKey {
        HmacKey { bytes, key: Key::new(HMAC_SHA256, &bytes) }
    }
}

impl From<HmacKey> for [u8; 32] {
    fn from(key: HmacKey) -> [u8; 32] {
        key.bytes
    }
}

/// Returns `2 * BYTES` random hexadecimal digits.
pub(crate) fn random_hex<const BYTES: usize>() -> String {
    hex(&random_bytes::<BYTES>())
}

/// Returns `count` random decimal digits.
pub(crate) fn random_digits(count: usize) -> String {
    // 256 is not a multiple of 10: discarding the values from 250 keeps the digits uniformly distributed.
    std::iter::repeat_with(|| random_bytes::<1>()[0])
        .filter(|byte| *byte < 250)
        .map(|byte| char::from(b'0' + byte % 10))
        .take(count)
        .collect()
}

pub(crate) fn random_bytes<const BYTES: usize>() -> [u8; BYTES] {
    let mut random = [0; BYTES];
    SystemRandom::new().fill(&mut random).expect("the operating system has a source of randomness");
    random
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trace_ids_have_32_digits_and_differ_between_requests_and_emulators() {
        let (one, other) = (TraceIds::default(), TraceIds::default());
        let ids = [one.next(), one.next(), other.next()];
        assert!(ids.iter().all(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())));
        assert!(ids[0] != ids[1] && ids[0] != ids[2] && ids[1] != ids[2], "{ids:?}");
    }
}
