//! The fault server for clients in other languages: a program that reads commands as JSON lines. It ends when its
//! standard input ends.

use std::collections::HashMap;
use std::io::{self, Write};
use std::process::ExitCode;

use scalekit_faults::{CLIENT_ID, CLIENT_SECRET, FaultServer, Outcome, Target, UNKNOWN_TOKEN, cases, table};
use serde_json::{Value, json};

const HELP: &str = "\
A faulty server for tests of clients.

Usage: scalekit-faults [--list]

--list prints the cases as one JSON line. Otherwise each line on standard input is a command, and each line on standard
output its response:

  {\"start\": CASE, \"target\": TARGET, \"process\": ID}
      starts a server with this fault at this request, and measures the memory of this process; the response has the
      number of the server, `site`, and what the client needs
  {\"judge\": SITE, \"outcome\": {\"kind\": ..., \"says\": ..., \"operation\": ..., \"status\": ...}}
      the response has `complaints`, a list of sentences, and `heals`: whether the fault has ended and a second call
      must succeed
  {\"end\": SITE, \"outcome\": ...}
      stops the server; the outcome is that of a second call if the fault has ended, otherwise null
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => serve(),
        ["--list"] => print(&list()),
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

fn print(value: &Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{value}")?;
    out.flush()
}

fn serve() -> io::Result<()> {
    let mut servers = Servers::default();
    for line in io::stdin().lines() {
        let response = serde_json::from_str(&line?).ok().and_then(|command| servers.execute(&command));
        print(&response.unwrap_or_else(|| json!({"error": "invalid command; see --help"})))?;
    }
    Ok(())
}

#[derive(Default)]
struct Servers {
    running: HashMap<u64, FaultServer>,
    last: u64,
}

impl Servers {
    fn execute(&mut self, command: &Value) -> Option<Value> {
        if let Some(name) = command.get("start") {
            self.start(name.as_str()?, command)
        } else if let Some(site) = command.get("judge") {
            let site = self.running.get(&site.as_u64()?)?;
            let complaints = site.judge(&Outcome::read(&command["outcome"])?);
            Some(json!({"complaints": complaints, "heals": site.heal()}))
        } else {
            let site = self.running.remove(&command["end"].as_u64()?)?;
            let outcome = Outcome::read(&command["outcome"]);
            let complaints = outcome.map(|outcome| site.judge_healed(&outcome)).unwrap_or_default();
            Some(json!({"complaints": complaints}))
        }
    }

    fn start(&mut self, name: &str, command: &Value) -> Option<Value> {
        let case = table::case(name)?;
        let name_of_target = command["target"].as_str()?;
        let target = Target::ALL.into_iter().find(|target| target.name() == name_of_target)?;
        let site = FaultServer::start(case, target, u32::try_from(command["process"].as_u64()?).ok()?);
        self.last += 1;
        let response = json!({
            "site": self.last,
            "environment_url": site.url(),
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "root_certificates_pem": site.authority(),
            "timeout_seconds": case.timeout_seconds(target),
            "token": UNKNOWN_TOKEN,
        });
        self.running.insert(self.last, site);
        Some(response)
    }
}
