//! IDs and random strings.

use ring::hmac::{HMAC_SHA256, Key, Tag, sign};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

/// IDs consist of a prefix and 18 digits. The service's IDs are mostly digits and at most 32 characters long.
const SMALLEST: u64 = 100_000_000_000_000_000;

/// Each emulator takes its IDs from a random block of this size.
const BLOCK: u64 = 1_000_000_000;

/// Generates IDs that are not reused after a reset or by another emulator, so that a stale ID, key or token never
/// matches a new one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ids {
    next: u64,
}

impl Default for Ids {
    fn default() -> Self {
        let block = u64::from(u32::from_le_bytes(random_bytes())) % (8 * SMALLEST / BLOCK);
        Ids { next: SMALLEST + block * BLOCK }
    }
}

impl Ids {
    pub(crate) fn next(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}_{}", self.next)
    }

    /// The number of the last ID.
    pub(crate) fn last(&self) -> u64 {
        self.next
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
