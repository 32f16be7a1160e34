//! The whole run, round after round.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use scalekit::{ClientOptions, ScalekitClient};
use serde_json::{Map, json};

use crate::Done;
use crate::calls::{self, Args};
use crate::children::Running;
use crate::clients::{Fleet, Place};
use crate::control::Control;
use crate::errand;
use crate::flat::{Course, Limits};
use crate::judge::{Held, Judge};
use crate::ledger::{Arrival, Entry};
use crate::options::Options;
use crate::report::{Flatness, Report, Totals};
use crate::round::{CALLS, Round};
use crate::weather::Weather;

/// How much this process may grow between the second tenth of a run and the last.
pub const OWN_LIMITS: Limits = Limits { memory: 8 * 1024, files: 40, threads: 6 };

/// The same for the emulator. It keeps a connection for each of ours.
pub const EMULATOR_LIMITS: Limits = Limits { memory: 32 * 1024, files: 60, threads: 2 };

/// What a request that was given up may take to arrive, when nobody waits for it any more.
const SETTLING: Duration = Duration::from_millis(30);

/// Runs, reports, and gives whether all went well.
pub fn run(options: &Options) -> Done<bool> {
    eprintln!("soak: {} calls, seed {}", options.calls, options.seed);
    let started = Instant::now();
    let mut soak = Soak::begin(options)?;
    let (mut left, mut number) = (options.calls, 0);
    while left > 0 {
        let calls = u32::try_from(left).unwrap_or(CALLS).min(CALLS);
        number += 1;
        soak.round(number, calls)?;
        left -= u64::from(calls);
        soak.tell(number, options.calls - left, started);
    }
    let report = soak.end(options, started.elapsed())?;
    let text = report.to_string();
    println!("{text}");
    if let Some(file) = &options.report {
        std::fs::write(file, text)?;
    }
    Ok(report.complaints.is_empty())
}

/// The emulator forgets what came before so many requests.
const LOG_CAPACITY: usize = 10_000;

struct Soak {
    emulator: Running,
    proxy: Running,
    control: Control,
    auditor: ScalekitClient,
    place: Place,
    fleet: Arc<Fleet>,
    errands: Arc<Vec<errand::Errand>>,
    weather: Weather,
    judge: Judge,
    totals: Totals,
    rng: Rng,
}

impl Soak {
    fn begin(options: &Options) -> Done<Self> {
        let mut rng = Rng::with_seed(options.seed);
        let emulator = Running::start(&options.emulator, &["--addr", "127.0.0.1:0", "--exit-with-stdin"])?;
        let url = emulator.text("environment_url").to_owned();
        let address = url.trim_start_matches("http://");
        let proxy_seed = rng.u64(..).to_string();
        let proxy = Running::start(&std::env::current_exe()?, &["proxy", address, &proxy_seed])?;
        let (id, secret) = (emulator.text("client_id").to_owned(), emulator.text("client_secret").to_owned());
        let place = Place {
            url: url.clone(),
            proxy_url: proxy.text("url").to_owned(),
            client_id: id.clone(),
            client_secret: secret.clone(),
        };
        Ok(Self {
            control: Control::new(address),
            auditor: ScalekitClient::new(&url, &id, &secret, ClientOptions::default())?,
            fleet: Arc::new(Fleet::new(place.clone(), &mut rng)?),
            errands: Arc::new(errand::all()?),
            weather: Weather::new(Control::new(address), emulator.id(), options.calls, rng.fork()),
            judge: Judge::default(),
            totals: Totals::default(),
            place,
            emulator,
            proxy,
            rng,
        })
    }

    fn round(&mut self, number: u32, calls: u32) -> Done<()> {
        let (errands, fleet) = (Arc::clone(&self.errands), Arc::clone(&self.fleet));
        let round = Arc::new(Round::new(number, calls, errands, fleet, &self.place.client_id));
        self.weather.clear_up(&round)?;
        round.run(&mut self.rng, |round| self.weather.blow(round))?;
        let entries = round.ledger.take();
        self.totals.add(&entries);
        let arrivals = self.arrivals()?;
        let held = self.held()?;
        self.judge_round(number, calls, entries, &arrivals, &held);
        Ok(())
    }

    fn judge_round(
        &mut self,
        number: u32,
        calls: u32,
        entries: Vec<Entry>,
        arrivals: &[Arrival],
        held: &Held,
    ) {
        if entries.len() != calls as usize {
            let complaint = format!("round {number}: {} calls have ended of {calls}", entries.len());
            self.judge.complaints.push(complaint);
        }
        self.judge.judge(number, entries, arrivals, held);
    }

    /// What the emulator has seen in this round.
    fn arrivals(&mut self) -> Done<Vec<Arrival>> {
        let log = loop {
            thread::sleep(SETTLING);
            let log = self.control.get("requests")?;
            let lines = log["requests"].as_array().cloned().unwrap_or_default();
            if lines.iter().all(|line| line["state"] != "pending") {
                break lines;
            }
        };
        if log.len() >= LOG_CAPACITY {
            return Err("the emulator's log has no room for a round".into());
        }
        self.totals.requests += log.len() as u64;
        Ok(log.iter().filter_map(Arrival::read).collect())
    }

    /// What the emulator has at the end of a round.
    fn held(&self) -> Done<Held> {
        let mut held = Held::new();
        for (kind, call, name) in [
            ("organization", "organizations.list_all", "external_id"),
            ("user", "users.list_all", "external_id"),
            ("permission", "permissions.list_all", "name"),
        ] {
            let with = Args(Map::from_iter([("params".into(), json!({"page_size": 100}))]));
            let things = calls::blocking(&self.auditor, call, &with)?;
            let names = things.as_array().into_iter().flatten().filter_map(|thing| thing[name].as_str());
            held.insert(kind, names.map(str::to_owned).collect::<HashSet<_>>());
        }
        Ok(held)
    }

    fn tell(&self, round: u32, done: u64, started: Instant) {
        let wrong = self.judge.complaints.len();
        if wrong > 0 || round.is_power_of_two() || round.is_multiple_of(25) {
            let seconds = started.elapsed().as_secs();
            eprintln!("soak: {done} calls in {seconds} s; {wrong} complaints");
        }
    }

    fn end(self, options: &Options, took: Duration) -> Done<Report> {
        let words: BTreeMap<String, u64> = serde_json::from_str(&self.proxy.end()?)?;
        self.emulator.end()?;
        let mut faults = self.weather.made;
        for (name, count) in words {
            faults.insert(name, count);
        }
        let mut complaints = self.judge.complaints;
        let flatness = |who: &str, samples: &[_], limits: Limits, complaints: &mut Vec<String>| {
            let course = Course::of(samples)?;
            complaints.extend(course.leaks(who, limits));
            Some(Flatness { who: who.to_owned(), course, limits })
        };
        let courses = [
            flatness("this process", &self.weather.own, OWN_LIMITS, &mut complaints),
            flatness("the emulator", &self.weather.emulators, EMULATOR_LIMITS, &mut complaints),
        ];
        Ok(Report {
            calls: options.calls,
            seed: options.seed,
            took,
            totals: self.totals,
            counts: self.judge.counts,
            faults,
            flatness: courses.into_iter().flatten().collect(),
            complaints,
        })
    }
}
