//! What came of a run, in Markdown.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::flat::{Course, Limits, Sample};
use crate::judge::{Counts, SLACK};
use crate::latency::Latencies;
use crate::ledger::{Entry, Outcome};

/// No more complaints are printed than this.
const MOST_COMPLAINTS: usize = 30;

/// What was counted over all rounds.
#[derive(Debug, Default)]
pub struct Totals {
    /// Calls, by area and outcome.
    pub areas: BTreeMap<String, BTreeMap<Outcome, u64>>,
    /// How long they took.
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
            self.latencies.add(entry.took);
        }
    }
}

/// Whether a process stayed as big as it was.
#[derive(Debug)]
pub struct Flatness {
    /// Which process.
    pub who: String,
    /// How it went.
    pub course: Course,
    /// How much it may grow.
    pub limits: Limits,
}

/// What came of a run. It prints as Markdown.
#[derive(Debug)]
pub struct Report {
    /// How many calls were made.
    pub calls: u64,
    /// Where all chance came from.
    pub seed: u64,
    /// How long it took.
    pub took: Duration,
    /// What was counted.
    pub totals: Totals,
    /// What the judge has counted.
    pub counts: Counts,
    /// How often what went wrong.
    pub faults: BTreeMap<String, u64>,
    /// The processes.
    pub flatness: Vec<Flatness>,
    /// What is wrong; nothing, if all is well.
    pub complaints: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.took.as_secs_f64();
        let rate = self.calls as f64 / seconds;
        let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
        writeln!(
            f,
            "{} calls in {seconds:.0} s ({rate:.0} a second, {profile} build), seed {}. {}\n",
            self.calls,
            self.seed,
            self.verdict()
        )?;
        for complaint in self.complaints.iter().take(MOST_COMPLAINTS) {
            writeln!(f, "- {complaint}")?;
        }
        if !self.complaints.is_empty() {
            writeln!(f)?;
        }
        self.ledger(f)?;
        self.sizes(f)?;
        self.times(f)?;
        self.areas(f)?;
        writeln!(f, "\n| what went wrong | times |\n|---|---:|")?;
        self.faults.iter().try_for_each(|(fault, times)| writeln!(f, "| {fault} | {times} |"))
    }
}

impl Report {
    fn verdict(&self) -> String {
        match self.complaints.len() {
            0 => "Nothing to complain about: no write came twice, none that was reported done is missing, none that was \
                  reported refused or not sent was carried out, no call ended late, and nothing grew."
                .into(),
            1 => "**One complaint.**".into(),
            many => format!("**{many} complaints.**"),
        }
    }

    fn ledger(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = &self.counts;
        writeln!(f, "| ledger | |\n|---|---:|")?;
        for (what, count) in [
            ("writes asked for", counts.writes),
            ("carried out", counts.carried_out),
            ("carried out, and the caller knows not", counts.unknown_but_done),
            ("carried out, and the caller had given up", counts.cancelled_but_done),
            ("sent again, because they were refused with 401 or 429", counts.repeated_writes),
            ("things looked for at the end of their round", counts.looked_for),
            ("requests that the emulator received", self.totals.requests),
            ("retries of calls of all kinds", counts.retries),
            ("requests that arrived after their round", counts.stragglers),
        ] {
            writeln!(f, "| {what} | {count} |")?;
        }
        writeln!(f)
    }

    fn sizes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.flatness.is_empty() {
            return writeln!(f, "Memory, files and threads were not sampled often enough to say anything.\n");
        }
        writeln!(
            f,
            "| median of | second tenth | middle | last tenth | may grow by |\n|---|---:|---:|---:|---:|"
        )?;
        for Flatness { who, course, limits } in &self.flatness {
            let mut line = |what: &str, of: fn(&Sample) -> u64, limit: u64| {
                let (start, middle, end) = (of(&course.start), of(&course.middle), of(&course.end));
                writeln!(f, "| {who}: {what} | {start} | {middle} | {end} | {limit} |")
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
            "| half of the calls within | 90 % | 99 % | 99.9 % | longest |\n|---:|---:|---:|---:|---:|"
        )?;
        for part in [0.5, 0.9, 0.99, 0.999] {
            write!(f, "| {} ", shown(latencies.quantile(part)))?;
        }
        writeln!(f, "| {} |\n", shown(latencies.longest()))?;
        writeln!(
            f,
            "Deadlines were 0.6 to 2 s. {} calls ended more than a second after theirs; more than {} s is a complaint.\n",
            self.counts.nearly_late,
            SLACK.as_secs()
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

fn shown(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1e3;
    if millis < 10.0 { format!("{millis:.1} ms") } else { format!("{millis:.0} ms") }
}
