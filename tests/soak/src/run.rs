//! The whole run, one round after another.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use scalekit::{ClientOptions, ScalekitClient};
use serde_json::{Map, json};

use crate::Done;
use crate::calls::{self, Args};
use crate::children::ChildProcess;
use crate::clients::{ClientPool, Service};
use crate::control::Control;
use crate::faults::FaultInjector;
use crate::growth::{Limits, Trend};
use crate::judge::{EmulatorState, Judge};
use crate::ledger::{Entry, ReceivedRequest};
use crate::options::Options;
use crate::report::{Growth, Report, Totals};
use crate::round::{CALLS, Round};
use crate::sequence;

/// The allowed growth of this process between the second and the last tenth of a run.
pub const OWN_LIMITS: Limits = Limits { memory: 8 * 1024, files: 40, threads: 6 };

/// The allowed growth of the emulator, which holds a connection for each of the clients' connections.
pub const EMULATOR_LIMITS: Limits = Limits { memory: 32 * 1024, files: 60, threads: 2 };

/// The interval at which to poll until abandoned requests have arrived.
const POLL_INTERVAL: Duration = Duration::from_millis(30);

/// Runs the soak test and prints the report. Returns whether there were no complaints.
pub fn run(options: &Options) -> Done<bool> {
    eprintln!("soak: {} calls, seed {}", options.calls, options.seed);
    let started = Instant::now();
    let mut soak = Soak::start(options)?;
    let (mut remaining, mut number) = (options.calls, 0);
    while remaining > 0 {
        let calls = u32::try_from(remaining).unwrap_or(CALLS).min(CALLS);
        number += 1;
        soak.run_round(number, calls)?;
        remaining -= u64::from(calls);
        soak.print_progress(number, options.calls - remaining, started);
    }
    let report = soak.finish(options, started.elapsed())?;
    let text = report.to_string();
    println!("{text}");
    if let Some(file) = &options.report {
        std::fs::write(file, text)?;
    }
    Ok(report.complaints.is_empty())
}

/// The number of requests that the emulator's log keeps.
const LOG_CAPACITY: usize = 10_000;

struct Soak {
    emulator: ChildProcess,
    proxy: ChildProcess,
    control: Control,
    state_client: ScalekitClient,
    service: Service,
    pool: Arc<ClientPool>,
    sequences: Arc<Vec<sequence::Sequence>>,
    faults: FaultInjector,
    judge: Judge,
    totals: Totals,
    rng: Rng,
}

impl Soak {
    fn start(options: &Options) -> Done<Self> {
        let mut rng = Rng::with_seed(options.seed);
        let emulator = ChildProcess::start(
            &options.emulator,
            &["--json", "--port", "0", "--strict", "--exit-with-stdin"],
        )?;
        let url = emulator.text("environment_url").to_owned();
        let address = url.trim_start_matches("http://");
        let proxy_seed = rng.u64(..).to_string();
        let proxy = ChildProcess::start(&std::env::current_exe()?, &["proxy", address, &proxy_seed])?;
        let (id, secret) = (emulator.text("client_id").to_owned(), emulator.text("client_secret").to_owned());
        let service = Service {
            url: url.clone(),
            proxy_url: proxy.text("url").to_owned(),
            client_id: id.clone(),
            client_secret: secret.clone(),
        };
        Ok(Self {
            control: Control::new(address),
            state_client: ScalekitClient::new(&url, &id, &secret, ClientOptions::default())?,
            pool: Arc::new(ClientPool::new(service.clone(), &mut rng)?),
            sequences: Arc::new(sequence::all()?),
            faults: FaultInjector::new(Control::new(address), emulator.id(), options.calls, rng.fork()),
            judge: Judge::default(),
            totals: Totals::default(),
            service,
            emulator,
            proxy,
            rng,
        })
    }

    fn run_round(&mut self, number: u32, calls: u32) -> Done<()> {
        let (sequences, pool) = (Arc::clone(&self.sequences), Arc::clone(&self.pool));
        let round = Arc::new(Round::new(number, calls, sequences, pool, &self.service.client_id));
        self.faults.reset(&round)?;
        round.run(&mut self.rng, |round| self.faults.run(round))?;
        let entries = round.ledger.take();
        self.totals.add(&entries);
        let requests = self.requests()?;
        let state = self.state()?;
        self.judge_round(number, calls, entries, &requests, &state);
        Ok(())
    }

    fn judge_round(
        &mut self,
        number: u32,
        calls: u32,
        entries: Vec<Entry>,
        requests: &[ReceivedRequest],
        state: &EmulatorState,
    ) {
        if entries.len() != calls as usize {
            let complaint = format!("round {number}: {} of {calls} calls ended", entries.len());
            self.judge.complaints.push(complaint);
        }
        self.judge.judge(number, entries, requests, state);
    }

    /// The requests that the emulator received in this round.
    fn requests(&mut self) -> Done<Vec<ReceivedRequest>> {
        let log = loop {
            thread::sleep(POLL_INTERVAL);
            let log = self.control.get("requests")?;
            let lines = log["requests"].as_array().cloned().unwrap_or_default();
            if lines.iter().all(|line| line["state"] != "pending") {
                break lines;
            }
        };
        if log.len() >= LOG_CAPACITY {
            return Err("the emulator's log is too small for a round".into());
        }
        self.totals.requests += log.len() as u64;
        Ok(log.iter().filter_map(ReceivedRequest::read).collect())
    }

    /// The objects in the emulator at the end of a round.
    fn state(&self) -> Done<EmulatorState> {
        let mut state = EmulatorState::new();
        for (kind, call, name) in [
            ("organization", "organizations.list_all", "external_id"),
            ("user", "users.list_all", "external_id"),
            ("permission", "permissions.list_all", "name"),
        ] {
            let with = Args(Map::from_iter([("params".into(), json!({"page_size": 100}))]));
            let objects = calls::blocking(&self.state_client, call, &with)?;
            let names = objects.as_array().into_iter().flatten().filter_map(|object| object[name].as_str());
            state.insert(kind, names.map(str::to_owned).collect::<HashSet<_>>());
        }
        Ok(state)
    }

    fn print_progress(&self, round: u32, done: u64, started: Instant) {
        let complaints = self.judge.complaints.len();
        if complaints > 0 || round.is_power_of_two() || round.is_multiple_of(25) {
            let seconds = started.elapsed().as_secs();
            eprintln!("soak: {done} calls in {seconds} s; {complaints} complaints");
        }
    }

    fn finish(self, options: &Options, duration: Duration) -> Done<Report> {
        let disruptions: BTreeMap<String, u64> = serde_json::from_str(&self.proxy.stop()?)?;
        self.emulator.stop()?;
        let mut faults = self.faults.injected;
        for (name, count) in disruptions {
            faults.insert(name, count);
        }
        let mut complaints = self.judge.complaints;
        let growth = |process_name: &str, samples: &[_], limits: Limits, complaints: &mut Vec<String>| {
            let trend = Trend::of(samples)?;
            complaints.extend(trend.leaks(process_name, limits));
            Some(Growth { process_name: process_name.to_owned(), trend, limits })
        };
        let trends = [
            growth("this process", &self.faults.own_samples, OWN_LIMITS, &mut complaints),
            growth("the emulator", &self.faults.emulator_samples, EMULATOR_LIMITS, &mut complaints),
        ];
        Ok(Report {
            calls: options.calls,
            seed: options.seed,
            duration,
            totals: self.totals,
            counts: self.judge.counts,
            faults,
            growth: trends.into_iter().flatten().collect(),
            complaints,
        })
    }
}
