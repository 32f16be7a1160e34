//! The report of a run, in Markdown.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::growth::{Limits, Sample, Trend};
use crate::judge::{Counts, MAX_DELAY};
use crate::latency::Latencies;
use crate::ledger::{Entry, Outcome};

/// The most complaints that are printed.
const MAX_PRINTED_COMPLAINTS: usize = 30;

/// The counts over all rounds.
#[derive(Debug, Default)]
pub struct Totals {
    /// Calls, by area and outcome.
    pub areas: BTreeMap<String, BTreeMap<Outcome, u64>>,
    /// The durations of the calls.
    pub latencies: Latencies,
    /// Requests that the emulator received.
    pub requests: u64,
}

impl Totals {
    /// Counts the calls of a round.
    pub fn add(&mut self, entries: &[Entry]) {
        for entry in entries {
            let area = entry.call.split('.').next().unwrap_or_default();
            let outcomes = self.areas.entry(area.to_owned()).or_default();
            *outcomes.entry(entry.outcome).or_default() += 1;
            self.latencies.add(entry.duration);
        }
    }
}

/// The resource growth of a process.
#[derive(Debug)]
pub struct Growth {
    /// The name of the process.
    pub process_name: String,
    /// The medians over the run.
    pub trend: Trend,
    /// The allowed growth.
    pub limits: Limits,
}

/// The report of a run. Its `Display` is Markdown.
#[derive(Debug)]
pub struct Report {
    /// The number of calls.
    pub calls: u64,
    /// The seed of all random choices.
    pub seed: u64,
    /// The duration.
    pub duration: Duration,
    /// The totals.
    pub totals: Totals,
    /// The counts of the judge.
    pub counts: Counts,
    /// The number of faults of each kind.
    pub faults: BTreeMap<String, u64>,
    /// The growth of each process.
    pub growth: Vec<Growth>,
    /// The complaints; empty if all is well.
    pub complaints: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.duration.as_secs_f64();
        let rate = self.calls as f64 / seconds;
        let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
        writeln!(
            f,
            "{} calls in {seconds:.0} s ({rate:.0} a second, {profile} build), seed {}. {}\n",
            self.calls,
            self.seed,
            self.verdict()
        )?;
        for complaint in self.complaints.iter().take(MAX_PRINTED_COMPLAINTS) {
            writeln!(f, "- {complaint}")?;
        }
        if !self.complaints.is_empty() {
            writeln!(f)?;
        }
        self.ledger(f)?;
        self.sizes(f)?;
        self.times(f)?;
        self.areas(f)?;
        writeln!(f, "\n| fault | count |\n|---|---:|")?;
        self.faults.iter().try_for_each(|(fault, times)| writeln!(f, "| {fault} | {times} |"))
    }
}

impl Report {
    fn verdict(&self) -> String {
        match self.complaints.len() {
            0 => "No complaints: no write was executed twice, no write reported as done is missing, no write reported as \
                  rejected or not sent was executed, no call ended late, and no resource grew."
                .into(),
            1 => "**One complaint.**".into(),
            many => format!("**{many} complaints.**"),
        }
    }

    fn ledger(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = &self.counts;
        writeln!(f, "| ledger | |\n|---|---:|")?;
        for (what, count) in [
            ("writes requested", counts.writes),
            ("executed", counts.executed),
            ("executed, outcome unknown to the caller", counts.unknown_but_executed),
            ("executed, cancelled by the caller", counts.cancelled_but_executed),
            ("repeated after a 401 or 429", counts.repeated_writes),
            ("objects checked at the end of their round", counts.objects_checked),
            ("requests received by the emulator", self.totals.requests),
            ("retries of all calls", counts.retries),
            ("requests received after their round", counts.late_requests),
        ] {
            writeln!(f, "| {what} | {count} |")?;
        }
        writeln!(f)
    }

    fn sizes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.growth.is_empty() {
            return writeln!(f, "Too few samples of memory, files and threads for a result.\n");
        }
        writeln!(
            f,
            "| median of | second tenth | middle | last tenth | allowed growth |\n|---|---:|---:|---:|---:|"
        )?;
        for Growth { process_name, trend, limits } in &self.growth {
            let mut line = |what: &str, of: fn(&Sample) -> u64, limit: u64| {
                let (start, middle, end) = (of(&trend.start), of(&trend.middle), of(&trend.end));
                writeln!(f, "| {process_name}: {what} | {start} | {middle} | {end} | {limit} |")
            };
            line("memory, kB", |s| s.memory, limits.memory)?;
            line("open files", |s| s.files, limits.files)?;
            line("threads", |s| s.threads, limits.threads)?;
        }
        writeln!(f)
    }

    fn times(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let latencies = &self.totals.latencies;
        writeln!(
            f,
            "| 50 % of the calls within | 90 % | 99 % | 99.9 % | longest |\n|---:|---:|---:|---:|---:|"
        )?;
        for part in [0.5, 0.9, 0.99, 0.999] {
            write!(f, "| {} ", format_duration(latencies.quantile(part)))?;
        }
        writeln!(f, "| {} |\n", format_duration(latencies.longest()))?;
        writeln!(
            f,
            "Timeouts were 0.6 to 2 s. {} calls ended more than a second after their deadline; more than {} s is a complaint.\n",
            self.counts.nearly_late,
            MAX_DELAY.as_secs()
        )
    }

    fn areas(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| area |")?;
        Outcome::ALL.iter().try_for_each(|outcome| write!(f, " {} |", outcome.name()))?;
        writeln!(f, "\n|---|{}", "---:|".repeat(Outcome::ALL.len()))?;
        for (area, outcomes) in &self.totals.areas {
            write!(f, "| `{area}` |")?;
            for outcome in Outcome::ALL {
                write!(f, " {} |", outcomes.get(&outcome).copied().unwrap_or_default())?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn format_duration(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1e3;
    if millis < 10.0 { format!("{millis:.1} ms") } else { format!("{millis:.0} ms") }
}
