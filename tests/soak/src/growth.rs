//! Resource growth of a process, from Linux's `/proc`. Not measured on other systems.

use std::fs;

/// The resources of a process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sample {
    /// Memory, in kilobytes.
    pub memory: u64,
    /// Open file descriptors.
    pub files: u64,
    /// Threads.
    pub threads: u64,
}

impl Sample {
    /// Samples a process, or the current process without an ID.
    #[must_use]
    pub fn take(process: Option<u32>) -> Option<Self> {
        let folder = process.map_or_else(|| "/proc/self".to_owned(), |id| format!("/proc/{id}"));
        let status = fs::read_to_string(format!("{folder}/status")).ok()?;
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().trim_end_matches(" kB").parse().ok()
        };
        let files = fs::read_dir(format!("{folder}/fd")).ok()?.count();
        Some(Self {
            memory: number("VmRSS:")?,
            threads: number("Threads:")?,
            files: u64::try_from(files).ok()?,
        })
    }
}

/// The allowed growth of a process during a run.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Memory, in kilobytes.
    pub memory: u64,
    /// Open file descriptors.
    pub files: u64,
    /// Threads.
    pub threads: u64,
}

/// Medians of the second tenth, the middle and the last tenth of a run. The first tenth is excluded, because caches fill
/// up in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trend {
    /// The second tenth.
    pub start: Sample,
    /// The middle two tenths.
    pub middle: Sample,
    /// The last tenth.
    pub end: Sample,
}

/// The fewest samples for a result.
const MIN_SAMPLES: usize = 20;

impl Trend {
    /// Computes the medians of samples taken evenly over a run. Returns `None` with fewer than 20 samples.
    #[must_use]
    pub fn of(samples: &[Sample]) -> Option<Self> {
        if samples.len() < MIN_SAMPLES {
            return None;
        }
        let part = |from: usize, to: usize| {
            let part = &samples[samples.len() * from / 10..samples.len() * to / 10];
            let median = |of: fn(&Sample) -> u64| {
                let mut values: Vec<u64> = part.iter().map(of).collect();
                values.sort_unstable();
                values[values.len() / 2]
            };
            Sample {
                memory: median(|s| s.memory),
                files: median(|s| s.files),
                threads: median(|s| s.threads),
            }
        };
        Some(Self { start: part(1, 2), middle: part(4, 6), end: part(9, 10) })
    }

    /// Returns a complaint for each resource that grew beyond its limit.
    #[must_use]
    pub fn leaks(&self, process_name: &str, limits: Limits) -> Vec<String> {
        let grown = |what: &str, of: fn(&Sample) -> u64, most: u64| {
            let (start, end) = (of(&self.start), of(&self.end));
            let by = end.saturating_sub(start);
            (by > most).then(|| {
                format!("{process_name}: {what} grew from {start} to {end}; the limit is {most} more")
            })
        };
        let all = [
            grown("memory in kB", |s| s.memory, limits.memory),
            grown("open files", |s| s.files, limits.files),
            grown("threads", |s| s.threads, limits.threads),
        ];
        all.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { memory: 8 * 1024, files: 32, threads: 4 };

    fn run(of: impl Fn(u64) -> Sample) -> Vec<String> {
        let samples: Vec<_> = (0..200).map(of).collect();
        Trend::of(&samples).unwrap().leaks("process", LIMITS)
    }

    #[test]
    fn fluctuation_and_initial_growth_are_no_leak() {
        let warm = |n: u64| if n < 15 { n } else { 15 };
        let flat = |n: u64| Sample {
            memory: 10_000 + warm(n) * 2000 + n % 7 * 900,
            files: 20 + n % 30,
            threads: 9 + n % 4,
        };
        assert_eq!(run(flat), Vec::<String>::new());
    }

    #[test]
    fn each_leak_is_reported() {
        let flat = Sample { memory: 40_000, files: 60, threads: 12 };
        let memory = run(|n| Sample { memory: 40_000 + n * 60, ..flat });
        assert!(
            memory.len() == 1 && memory[0].contains("memory in kB grew from 41800 to 51400"),
            "{memory:?}"
        );
        let files = run(|n| Sample { files: 60 + n / 4, ..flat });
        assert!(files.len() == 1 && files[0].contains("open files"), "{files:?}");
        let threads = run(|n| Sample { threads: 12 + n / 30, ..flat });
        assert!(threads.len() == 1 && threads[0].contains("threads"), "{threads:?}");
    }

    #[test]
    fn too_few_samples_give_no_result() {
        assert_eq!(Trend::of(&[Sample::default(); 19]), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn current_process_can_be_sampled() {
        let sample = Sample::take(None).unwrap();
        assert!(sample.memory > 500 && sample.files >= 3 && sample.threads >= 1, "{sample:?}");
        assert_eq!(Sample::take(Some(std::process::id())).map(|s| s.threads), Some(sample.threads));
    }
}
