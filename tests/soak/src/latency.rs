//! A histogram of call durations with a fixed number of buckets.

use std::time::Duration;

/// The ratio of the bounds of adjacent buckets.
const STEP: f64 = 1.1;
const BUCKETS: usize = 160;

/// A histogram of call durations.
#[derive(Debug, Clone)]
pub struct Latencies {
    buckets: Vec<u64>,
    longest: Duration,
}

impl Default for Latencies {
    fn default() -> Self {
        Self { buckets: vec![0; BUCKETS], longest: Duration::ZERO }
    }
}

impl Latencies {
    /// Adds a call.
    pub fn add(&mut self, duration: Duration) {
        let micros = duration.as_secs_f64() * 1e6;
        let bucket = (1..BUCKETS).find(|n| bound(*n) >= micros).unwrap_or(BUCKETS - 1);
        self.buckets[bucket] += 1;
        self.longest = self.longest.max(duration);
    }

    /// The duration within which this part of the calls ended, accurate to 10 %.
    #[must_use]
    pub fn quantile(&self, part: f64) -> Duration {
        let all: u64 = self.buckets.iter().sum();
        let mut remaining = (all as f64 * part).ceil() as u64;
        for (n, count) in self.buckets.iter().enumerate() {
            if *count >= remaining {
                return Duration::from_secs_f64(bound(n) / 1e6).min(self.longest);
            }
            remaining -= count;
        }
        self.longest
    }

    /// The longest duration.
    #[must_use]
    pub fn longest(&self) -> Duration {
        self.longest
    }
}

/// The upper bound of a bucket, in microseconds.
fn bound(bucket: usize) -> f64 {
    10.0 * STEP.powi(i32::try_from(bucket).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_accurate_to_ten_percent() {
        let mut latencies = Latencies::default();
        (1..=1000).for_each(|n| latencies.add(Duration::from_millis(n)));
        for (part, millis) in [(0.5, 500.0), (0.9, 900.0), (0.99, 990.0)] {
            let found = latencies.quantile(part).as_secs_f64() * 1e3;
            assert!((millis..=millis * 1.1).contains(&found), "{part}: {found}");
        }
        assert_eq!(latencies.quantile(1.0), Duration::from_secs(1));
        assert_eq!(latencies.longest(), Duration::from_secs(1));
    }
}
