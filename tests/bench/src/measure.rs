//! Repeats a call and measures its cost.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

use crate::Result;

/// The time before measuring starts, in which connections, caches and the processor's clock settle.
const WARM_UP: Duration = Duration::from_millis(300);

/// Controls the loop of calls: warm-up, then measuring.
pub struct CallLoop {
    length: Duration,
    warm: bool,
    started: Instant,
    cpu_started: Duration,
    calls: u64,
}

impl CallLoop {
    pub fn new(seconds: f64) -> Self {
        let length = Duration::from_secs_f64(seconds);
        Self { length, warm: false, started: Instant::now(), cpu_started: cpu(), calls: 0 }
    }

    /// Whether to make another call.
    pub fn next_call(&mut self) -> bool {
        let over = self.calls > 0 && self.started.elapsed() >= if self.warm { self.length } else { WARM_UP };
        if over && self.warm {
            return false;
        }
        if over {
            *self = Self { warm: true, ..Self::new(self.length.as_secs_f64()) };
        }
        self.calls += 1;
        true
    }

    /// The result line for the bench, in microseconds per call.
    pub fn line(&self) -> String {
        let (wall, cpu) = (self.started.elapsed(), cpu().saturating_sub(self.cpu_started));
        let per_call = |time: Duration| time.as_secs_f64() * 1e6 / self.calls as f64;
        json!({"wall": per_call(wall), "cpu": per_call(cpu)}).to_string()
    }
}

/// User and system time of all threads of this process.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Measures a blocking call.
pub fn blocking(seconds: f64, mut call: impl FnMut() -> Result<()>) -> Result<String> {
    let mut call_loop = CallLoop::new(seconds);
    while call_loop.next_call() {
        call()?;
    }
    Ok(call_loop.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_holds_the_time_per_call() {
        let line = blocking(0.01, || Ok(()));
        let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let (wall, cpu) = (line["wall"].as_f64().unwrap(), line["cpu"].as_f64().unwrap());
        assert!(wall > 0.0 && cpu > 0.0 && wall < 1e6, "{line}");
    }

    #[test]
    fn warm_up_calls_are_not_counted() {
        let mut call_loop = CallLoop::new(0.0);
        let mut iterations = 0_u64;
        while call_loop.next_call() {
            iterations += 1;
        }
        assert_eq!(call_loop.calls, 1);
        assert!(iterations > 1);
    }

    #[test]
    fn failed_call_fails_the_measurement() {
        assert!(blocking(0.01, || Err("no".into())).is_err());
    }
}
