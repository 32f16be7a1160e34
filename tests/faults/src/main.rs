//! The faults for clients that are not in Rust: a program that is told in lines of JSON what to start, and how calls
//! ended. It ends with its standard input.

use std::collections::HashMap;
use std::io::{self, Write};
use std::process::ExitCode;

use scalekit_faults::{CLIENT_ID, CLIENT_SECRET, Outcome, Site, Target, UNKNOWN_TOKEN, cases, table};
use serde_json::{Value, json};

const HELP: &str = "\
A server that does everything wrong, to test what a client makes of it.

Usage: scalekit-faults [--list]

--list prints the cases as one line of JSON. Otherwise each line on standard input is an order, and each line on standard
output its answer:

  {\"start\": CASE, \"target\": TARGET, \"process\": ID}
      starts a server where this goes wrong at this request, and watches the memory of this process; answers with its
      number, `site`, and with what the client needs
  {\"judge\": SITE, \"outcome\": {\"kind\": ..., \"says\": ..., \"operation\": ..., \"status\": ...}}
      answers with `complaints`, a list of sentences, and with whether the server is well again: `heals`
  {\"end\": SITE, \"outcome\": ...}
      ends the server; the outcome is that of a second call, where the server healed, or null
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => serve(),
        ["--list"] => say(&list()),
        ["--help"] => io::stdout().write_all(HELP.as_bytes()),
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scalekit-faults: {error}");
            ExitCode::FAILURE
        }
    }
}

fn list() -> Value {
    let one = |case: &scalekit_faults::Case| {
        let targets: Vec<_> = case.targets.iter().map(|target| target.name()).collect();
        json!({"name": case.name, "targets": targets, "heavy": case.heavy})
    };
    json!({"cases": cases().map(one).collect::<Vec<_>>()})
}

fn say(value: &Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{value}")?;
    out.flush()
}

fn serve() -> io::Result<()> {
    let mut sites = Sites::default();
    for line in io::stdin().lines() {
        let answer = serde_json::from_str(&line?).ok().and_then(|order| sites.obey(&order));
        say(&answer.unwrap_or_else(|| json!({"error": "an order that makes no sense: see --help"})))?;
    }
    Ok(())
}

#[derive(Default)]
struct Sites {
    running: HashMap<u64, Site>,
    last: u64,
}

impl Sites {
    fn obey(&mut self, order: &Value) -> Option<Value> {
        if let Some(name) = order.get("start") {
            self.start(name.as_str()?, order)
        } else if let Some(site) = order.get("judge") {
            let site = self.running.get(&site.as_u64()?)?;
            let complaints = site.judge(&Outcome::read(&order["outcome"])?);
            Some(json!({"complaints": complaints, "heals": site.heal()}))
        } else {
            let site = self.running.remove(&order["end"].as_u64()?)?;
            let outcome = Outcome::read(&order["outcome"]);
            let complaints = outcome.map(|outcome| site.judge_healed(&outcome)).unwrap_or_default();
            Some(json!({"complaints": complaints}))
        }
    }

    fn start(&mut self, name: &str, order: &Value) -> Option<Value> {
        let case = table::case(name)?;
        let wanted = order["target"].as_str()?;
        let target = Target::ALL.into_iter().find(|target| target.name() == wanted)?;
        let site = Site::start(case, target, u32::try_from(order["process"].as_u64()?).ok()?);
        self.last += 1;
        let answer = json!({
            "site": self.last,
            "environment_url": site.url(),
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "root_certificates_pem": site.authority(),
            "timeout_seconds": case.timeout_seconds(target),
            "token": UNKNOWN_TOKEN,
        });
        self.running.insert(self.last, site);
        Some(answer)
    }
}
