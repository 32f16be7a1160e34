//! Whether to try again, and when: a pure decision, so that it can be tested as a table.

use std::time::{Duration, SystemTime};

use crate::error::{Result, ScalekitError};

/// When and how often a failed call is tried again.
///
/// Reads (GET) are repeated after a connection error, a timed-out attempt, and the statuses 408, 429, 502, 503 and
/// 504. Writes are repeated only where the first try provably did nothing: it was never sent, or was refused with
/// 429. Whatever the numbers here, a call never takes longer than its timeout.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct RetryOptions {
    /// How many times a call is tried again after the first try, 0 to 10; 0 turns retries off. Default 2.
    #[cfg_attr(feature = "ffi", uniffi(default = 2))]
    pub max_retries: i32,
    /// The longest wait before the first retry, in seconds, above 0; it doubles each time, and the wait is random
    /// below it. Default 0.5.
    #[cfg_attr(feature = "ffi", uniffi(default = 0.5))]
    pub base_delay_seconds: f64,
    /// No wait of our own choosing is longer than this, in seconds, at least the base delay. Default 8.
    #[cfg_attr(feature = "ffi", uniffi(default = 8.0))]
    pub max_delay_seconds: f64,
    /// Whether a write that was refused with 429 is tried again. Default true: the service refuses before it acts.
    #[cfg_attr(feature = "ffi", uniffi(default = true))]
    pub retry_rate_limited_writes: bool,
}

impl Default for RetryOptions {
    fn default() -> Self {
        Self {
            max_retries: 2,
            base_delay_seconds: 0.5,
            max_delay_seconds: 8.0,
            retry_rate_limited_writes: true,
        }
    }
}

/// Options that passed their checks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Policy {
    pub max_retries: u32,
    pub base: Duration,
    pub cap: Duration,
    pub rate_limited_writes: bool,
}

impl Policy {
    pub(crate) fn new(options: &RetryOptions) -> Result<Self> {
        let max_retries = u32::try_from(options.max_retries).ok().filter(|n| *n <= 10);
        let Some(max_retries) = max_retries else {
            return Err(ScalekitError::argument("retry.max_retries", "must be 0 to 10"));
        };
        let base = crate::check::seconds("retry.base_delay_seconds", options.base_delay_seconds)?;
        let cap = crate::check::seconds("retry.max_delay_seconds", options.max_delay_seconds)?;
        if cap < base {
            return Err(ScalekitError::argument(
                "retry.max_delay_seconds",
                "must be at least the base delay",
            ));
        }
        Ok(Self { max_retries, base, cap, rate_limited_writes: options.retry_rate_limited_writes })
    }

    #[cfg(test)]
    pub(crate) fn of(options: RetryOptions) -> Self {
        Self::new(&options).unwrap()
    }
}

/// How one attempt failed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Outcome {
    /// No byte of the request reached the service.
    NotSent,
    /// The connection broke after the request may have been read.
    Broken,
    /// No further try can help: the certificate is not trusted, the answer is too long.
    Useless,
    /// The attempt's own time ran out.
    TimedOut,
    /// The service answered with an error; `tool` where an upstream provider is to blame.
    Refused { status: u16, retry_after: Option<Duration>, tool: bool },
}

/// What is known when the decision falls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation {
    /// Tries made so far, at least 1.
    pub tries: u32,
    /// Whether the call is a read.
    pub idempotent: bool,
    /// What is left of the deadline.
    pub remaining: Duration,
    /// Random, 0 to 1.
    pub dice: f64,
}

/// The wait before the next try, or `None` to give up.
pub(crate) fn decide(outcome: Outcome, policy: &Policy, now: &Situation) -> Option<Duration> {
    if now.tries > policy.max_retries || !may_repeat(outcome, policy, now.idempotent) {
        return None;
    }
    let asked = match outcome {
        Outcome::Refused { retry_after, .. } => retry_after,
        _ => None,
    };
    let wait = asked.unwrap_or_else(|| backoff(policy, now));
    (wait < now.remaining).then_some(wait)
}

fn may_repeat(outcome: Outcome, policy: &Policy, idempotent: bool) -> bool {
    match outcome {
        Outcome::NotSent => true,
        Outcome::Useless => false,
        Outcome::Broken | Outcome::TimedOut => idempotent,
        Outcome::Refused { tool: true, .. } => false,
        Outcome::Refused { status: 429, .. } => idempotent || policy.rate_limited_writes,
        Outcome::Refused { status, .. } => idempotent && matches!(status, 408 | 502 | 503 | 504),
    }
}

/// Full jitter: anything from nothing to the doubled base, so that clients that failed together spread out.
fn backoff(policy: &Policy, now: &Situation) -> Duration {
    let doublings = now.tries.saturating_sub(1).min(16);
    let ceiling = policy.base.saturating_mul(1 << doublings).min(policy.cap);
    ceiling.mul_f64(now.dice.clamp(0.0, 1.0))
}

/// `Retry-After`, as seconds or as an HTTP date.
pub(crate) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = chrono::DateTime::parse_from_rfc2822(header).ok()?;
    // A date that has passed asks for no wait at all.
    Some(SystemTime::from(date).duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::Outcome::{Broken, NotSent, Refused, TimedOut, Useless};
    use super::*;

    fn refused(status: u16) -> Outcome {
        Refused { status, retry_after: None, tool: false }
    }

    fn situation(idempotent: bool) -> Situation {
        Situation { tries: 1, idempotent, remaining: Duration::from_secs(20), dice: 1.0 }
    }

    #[test]
    fn who_is_repeated() {
        let policy = Policy::of(RetryOptions::default());
        let retried = |outcome, idempotent| decide(outcome, &policy, &situation(idempotent)).is_some();
        #[rustfmt::skip]
        let table = [
            // outcome,         read,  write
            (NotSent,           true,  true),
            (Useless,           false, false),
            (Broken,            true,  false),
            (TimedOut,          true,  false),
            (refused(429),      true,  true),
            (refused(408),      true,  false),
            (refused(502),      true,  false),
            (refused(503),      true,  false),
            (refused(504),      true,  false),
            (refused(500),      false, false),
            (refused(501),      false, false),
            (refused(400),      false, false),
            (refused(401),      false, false),
            (refused(404),      false, false),
            (refused(409),      false, false),
            (Refused { status: 429, retry_after: None, tool: true }, false, false),
            (Refused { status: 503, retry_after: None, tool: true }, false, false),
        ];
        for (outcome, read, write) in table {
            assert_eq!(retried(outcome, true), read, "read {outcome:?}");
            assert_eq!(retried(outcome, false), write, "write {outcome:?}");
        }
    }

    #[test]
    fn rate_limited_writes_can_be_left_alone() {
        let policy = Policy::of(RetryOptions { retry_rate_limited_writes: false, ..RetryOptions::default() });
        assert_eq!(decide(refused(429), &policy, &situation(false)), None);
        assert!(decide(refused(429), &policy, &situation(true)).is_some());
    }

    #[test]
    fn tries_are_counted() {
        let policy = Policy::of(RetryOptions::default());
        let at = |tries| decide(refused(503), &policy, &Situation { tries, ..situation(true) });
        assert_eq!([at(1), at(2), at(3)].map(|d| d.is_some()), [true, true, false]);
        let off = Policy::of(RetryOptions { max_retries: 0, ..RetryOptions::default() });
        assert_eq!(decide(NotSent, &off, &situation(true)), None);
    }

    #[test]
    fn waits_double_up_to_the_cap_and_are_jittered() {
        let policy = Policy::of(RetryOptions { max_retries: 10, ..RetryOptions::default() });
        let wait = |tries, dice| {
            let now = Situation { tries, dice, ..situation(true) };
            decide(refused(503), &policy, &now).unwrap().as_millis()
        };
        assert_eq!([1, 2, 3, 4, 5, 6, 10].map(|n| wait(n, 1.0)), [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!([0.0, 0.25, 0.5].map(|dice| wait(2, dice)), [0, 250, 500]);
    }

    #[test]
    fn what_the_service_asks_is_kept_within_the_deadline() {
        let policy = Policy::of(RetryOptions::default());
        let ask =
            |seconds| Refused { status: 429, retry_after: Some(Duration::from_secs(seconds)), tool: false };
        assert_eq!(decide(ask(19), &policy, &situation(true)), Some(Duration::from_secs(19)));
        assert_eq!(decide(ask(20), &policy, &situation(true)), None);
        assert_eq!(decide(ask(u64::MAX), &policy, &situation(true)), None);
        let late = Situation { remaining: Duration::ZERO, dice: 0.0, ..situation(true) };
        assert_eq!(decide(NotSent, &policy, &late), None);
    }

    #[test]
    fn retry_after_in_both_forms() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_322_800); // 2026-01-02T03:00:00Z
        let read = |text| retry_after(text, now);
        assert_eq!(read("7"), Some(Duration::from_secs(7)));
        assert_eq!(read(" 0 "), Some(Duration::ZERO));
        assert_eq!(read("Fri, 02 Jan 2026 03:00:09 GMT"), Some(Duration::from_secs(9)));
        assert_eq!(read("Fri, 02 Jan 2026 02:00:00 GMT"), Some(Duration::ZERO));
        for odd in ["", "-1", "soon", "1.5", "99999999999999999999999"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    #[test]
    fn options_are_checked() {
        let with = |max_retries, base, cap| {
            let options = RetryOptions {
                max_retries,
                base_delay_seconds: base,
                max_delay_seconds: cap,
                ..RetryOptions::default()
            };
            Policy::new(&options).map_err(|e| e.failure().summary.clone())
        };
        assert!(with(10, 0.1, 0.1).is_ok());
        assert_eq!(with(-1, 0.1, 1.0).unwrap_err(), "`retry.max_retries` must be 0 to 10");
        assert_eq!(with(11, 0.1, 1.0).unwrap_err(), "`retry.max_retries` must be 0 to 10");
        for odd in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(with(2, odd, 1.0).unwrap_err().starts_with("`retry.base_delay_seconds`"));
        }
        assert!(with(2, 2.0, 1.0).unwrap_err().starts_with("`retry.max_delay_seconds`"));
    }
}
