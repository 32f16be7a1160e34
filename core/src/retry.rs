//! Retry decisions, as a pure function that can be tested as a table.

use std::time::{Duration, SystemTime};

use crate::error::{Result, ScalekitError};
use crate::model::{builders, setters};

/// Retry policy: when and how often a failed call is retried.
///
/// Reads (GET) are retried after a connection error, a timed-out attempt, and the status codes 408, 429, 502, 503 and
/// 504. Writes are retried only if the first attempt provably had no effect: it was never sent, or was rejected with
/// 429. Retries never extend a call beyond its timeout. A `Retry-After` header overrides the backoff.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
pub struct RetryOptions {
    /// Maximum number of retries after the first attempt. 0–10; 0 disables retries. Default: 2.
    #[cfg_attr(feature = "ffi", uniffi(default = 2))]
    pub max_retries: i32,
    /// Upper bound of the backoff before the first retry, in seconds. It doubles with each retry, and the backoff is
    /// random below it (full jitter). Greater than 0, at most 86,400. Default: 0.5.
    #[cfg_attr(feature = "ffi", uniffi(default = 0.5))]
    pub base_delay_seconds: f64,
    /// Upper bound of every backoff, in seconds. At least `base_delay_seconds`, at most 86,400. Default: 8.
    #[cfg_attr(feature = "ffi", uniffi(default = 8.0))]
    pub max_delay_seconds: f64,
    /// Whether writes are retried after status code 429, which the service sends before it acts. Default: true.
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

builders!(RetryOptions {} {});
setters!(@values RetryOptions {
    max_retries: i32,
    base_delay_seconds: f64,
    max_delay_seconds: f64,
    retry_rate_limited_writes: bool,
});

/// Validated options.
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

/// The way in which one attempt failed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Outcome {
    /// No byte of the request reached the service.
    NotSent,
    /// The connection failed after the service may have read the request.
    Interrupted,
    /// A failure that a retry cannot fix: an untrusted certificate, a response that is too long.
    Permanent,
    /// The attempt exceeded its own timeout.
    TimedOut,
    /// The service responded with an error; `tool` if an upstream provider caused it.
    Rejected { status: u16, retry_after: Option<Duration>, tool: bool },
}

/// The state of a call when an attempt has failed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    /// Attempts made so far, at least 1.
    pub attempts: u32,
    /// Whether the call is a read.
    pub idempotent: bool,
    /// Time until the deadline.
    pub remaining: Duration,
    /// Random fraction of the backoff's upper bound, 0 to 1.
    pub jitter: f64,
}

/// Returns the delay before the next attempt, or `None` if the call is not retried.
pub(crate) fn decide(outcome: Outcome, policy: &Policy, now: &Progress) -> Option<Duration> {
    if now.attempts > policy.max_retries || !is_retryable(outcome, policy, now.idempotent) {
        return None;
    }
    let requested = match outcome {
        Outcome::Rejected { retry_after, .. } => retry_after,
        _ => None,
    };
    let delay = requested.unwrap_or_else(|| backoff(policy, now));
    (delay < now.remaining).then_some(delay)
}

fn is_retryable(outcome: Outcome, policy: &Policy, idempotent: bool) -> bool {
    match outcome {
        Outcome::NotSent => true,
        Outcome::Permanent => false,
        Outcome::Interrupted | Outcome::TimedOut => idempotent,
        Outcome::Rejected { tool: true, .. } => false,
        Outcome::Rejected { status: 429, .. } => idempotent || policy.rate_limited_writes,
        Outcome::Rejected { status, .. } => idempotent && matches!(status, 408 | 502 | 503 | 504),
    }
}

/// Exponential backoff with full jitter, so that clients which failed at the same time spread out.
fn backoff(policy: &Policy, now: &Progress) -> Duration {
    let doublings = now.attempts.saturating_sub(1).min(16);
    let ceiling = policy.base.saturating_mul(1 << doublings).min(policy.cap);
    ceiling.mul_f64(now.jitter.clamp(0.0, 1.0))
}

/// The delay in a `Retry-After` header: seconds or an HTTP date (RFC 9110, section 10.2.3).
pub(crate) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = chrono::DateTime::parse_from_rfc2822(header).ok()?;
    // A date in the past means no delay.
    Some(SystemTime::from(date).duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::Outcome::{Interrupted, NotSent, Permanent, Rejected, TimedOut};
    use super::*;

    fn rejected(status: u16) -> Outcome {
        Rejected { status, retry_after: None, tool: false }
    }

    fn progress(idempotent: bool) -> Progress {
        Progress { attempts: 1, idempotent, remaining: Duration::from_secs(20), jitter: 1.0 }
    }

    #[test]
    fn outcome_and_method_decide_whether_to_retry() {
        let policy = Policy::of(RetryOptions::default());
        let retried = |outcome, idempotent| decide(outcome, &policy, &progress(idempotent)).is_some();
        #[rustfmt::skip]
        let table = [
            // outcome,         read,  write
            (NotSent,           true,  true),
            (Permanent,         false, false),
            (Interrupted,       true,  false),
            (TimedOut,          true,  false),
            (rejected(429),      true,  true),
            (rejected(408),      true,  false),
            (rejected(502),      true,  false),
            (rejected(503),      true,  false),
            (rejected(504),      true,  false),
            (rejected(500),      false, false),
            (rejected(501),      false, false),
            (rejected(400),      false, false),
            (rejected(401),      false, false),
            (rejected(404),      false, false),
            (rejected(409),      false, false),
            (Rejected { status: 429, retry_after: None, tool: true }, false, false),
            (Rejected { status: 503, retry_after: None, tool: true }, false, false),
        ];
        for (outcome, read, write) in table {
            assert_eq!(retried(outcome, true), read, "read {outcome:?}");
            assert_eq!(retried(outcome, false), write, "write {outcome:?}");
        }
    }

    #[test]
    fn rate_limited_writes_are_not_retried_if_disabled() {
        let policy = Policy::of(RetryOptions { retry_rate_limited_writes: false, ..RetryOptions::default() });
        assert_eq!(decide(rejected(429), &policy, &progress(false)), None);
        assert!(decide(rejected(429), &policy, &progress(true)).is_some());
    }

    #[test]
    fn retries_stop_at_max_retries() {
        let policy = Policy::of(RetryOptions::default());
        let at = |attempts| decide(rejected(503), &policy, &Progress { attempts, ..progress(true) });
        assert_eq!([at(1), at(2), at(3)].map(|d| d.is_some()), [true, true, false]);
        let off = Policy::of(RetryOptions { max_retries: 0, ..RetryOptions::default() });
        assert_eq!(decide(NotSent, &off, &progress(true)), None);
    }

    #[test]
    fn backoff_doubles_up_to_the_cap_with_full_jitter() {
        let policy = Policy::of(RetryOptions { max_retries: 10, ..RetryOptions::default() });
        let wait = |attempts, jitter| {
            let now = Progress { attempts, jitter, ..progress(true) };
            decide(rejected(503), &policy, &now).unwrap().as_millis()
        };
        assert_eq!([1, 2, 3, 4, 5, 6, 10].map(|n| wait(n, 1.0)), [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!([0.0, 0.25, 0.5].map(|jitter| wait(2, jitter)), [0, 250, 500]);
    }

    #[test]
    fn retry_after_beyond_the_deadline_is_not_retried() {
        let policy = Policy::of(RetryOptions::default());
        let ask =
            |seconds| Rejected { status: 429, retry_after: Some(Duration::from_secs(seconds)), tool: false };
        assert_eq!(decide(ask(19), &policy, &progress(true)), Some(Duration::from_secs(19)));
        assert_eq!(decide(ask(20), &policy, &progress(true)), None);
        assert_eq!(decide(ask(u64::MAX), &policy, &progress(true)), None);
        let late = Progress { remaining: Duration::ZERO, jitter: 0.0, ..progress(true) };
        assert_eq!(decide(NotSent, &policy, &late), None);
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_http_date() {
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
    fn retry_options_out_of_range_are_rejected() {
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
