//! Identifiers and random text.

use ring::rand::{SecureRandom, SystemRandom};

/// Ids are a prefix and 18 digits; the service's own are mostly digits and at most 32 characters long.
const SMALLEST: u64 = 100_000_000_000_000_000;

/// Each emulator counts in a block of its own.
const BLOCK: u64 = 1_000_000_000;

/// Hands out ids that are never used twice, neither after a reset nor by another emulator: a stale id, key or token
/// must not hit a new one.
#[derive(Debug)]
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
}

/// `2 * bytes` hexadecimal digits.
pub(crate) fn random_hex<const BYTES: usize>() -> String {
    hex(&random_bytes::<BYTES>())
}

/// So many decimal digits.
pub(crate) fn random_digits(count: usize) -> String {
    // A byte has no whole number of tens: those beyond the last one are thrown away, so that all digits are as likely.
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
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
