//! Doing the same thing again and again, and what it cost.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

use crate::Result;

/// Before anything is counted: connections, caches and the processor's clock have settled then.
const WARM_UP: Duration = Duration::from_millis(300);

/// Asked before each call whether there is to be another one.
pub struct Laps {
    length: Duration,
    warm: bool,
    began: Instant,
    cpu_began: Duration,
    calls: u64,
}

impl Laps {
    pub fn new(seconds: f64) -> Self {
        let length = Duration::from_secs_f64(seconds);
        Self { length, warm: false, began: Instant::now(), cpu_began: cpu(), calls: 0 }
    }

    pub fn another(&mut self) -> bool {
        let over = self.calls > 0 && self.began.elapsed() >= if self.warm { self.length } else { WARM_UP };
        if over && self.warm {
            return false;
        }
        if over {
            *self = Self { warm: true, ..Self::new(self.length.as_secs_f64()) };
        }
        self.calls += 1;
        true
    }

    /// The line that the bench reads: microseconds a call.
    pub fn line(&self) -> String {
        let (wall, cpu) = (self.began.elapsed(), cpu().saturating_sub(self.cpu_began));
        let per_call = |time: Duration| time.as_secs_f64() * 1e6 / self.calls as f64;
        json!({"wall": per_call(wall), "cpu": per_call(cpu)}).to_string()
    }
}

/// The time that all threads of this process have worked, in the kernel too.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Measures a blocking call.
pub fn blocking(seconds: f64, mut call: impl FnMut() -> Result<()>) -> Result<String> {
    let mut laps = Laps::new(seconds);
    while laps.another() {
        call()?;
    }
    Ok(laps.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_a_call_took() {
        let line = blocking(0.01, || Ok(()));
        let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let (wall, cpu) = (line["wall"].as_f64().unwrap(), line["cpu"].as_f64().unwrap());
        assert!(wall > 0.0 && cpu > 0.0 && wall < 1e6, "{line}");
    }

    #[test]
    fn what_was_done_to_warm_up_does_not_count() {
        let mut laps = Laps::new(0.0);
        let mut asked = 0_u64;
        while laps.another() {
            asked += 1;
        }
        assert_eq!(laps.calls, 1);
        assert!(asked > 1);
    }

    #[test]
    fn a_call_that_fails_is_no_measurement() {
        assert!(blocking(0.01, || Err("no".into())).is_err());
    }
}
