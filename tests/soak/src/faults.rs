//! Fault injection: the emulator's faults, revoked tokens, key rotations. The seed determines all of them.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use serde_json::{Value, json};

use crate::Done;
use crate::control::Control;
use crate::growth::Sample;
use crate::round::Round;
use crate::sequence::SLOTS;

/// The number of changes per round.
const CHANGES: u32 = 20;

/// One in this many requests gets a fault of the emulator.
const FAULT_ONE_IN: u32 = 8;

/// The number of samples per run.
const SAMPLES: u64 = 400;

/// Injects faults, and samples the resources of both processes.
#[derive(Debug)]
pub struct FaultInjector {
    control: Control,
    rng: Rng,
    /// The number of injected faults of each kind.
    pub injected: BTreeMap<String, u64>,
    /// Samples of this process over the run.
    pub own_samples: Vec<Sample>,
    /// Samples of the emulator over the run.
    pub emulator_samples: Vec<Sample>,
    emulator: u32,
    /// The calls of the whole run, and of the previous rounds.
    calls: u64,
    previous_calls: u64,
    sampled: u64,
}

impl FaultInjector {
    /// Creates a fault injector for a run of `calls` calls. `emulator` is the emulator's process ID.
    #[must_use]
    pub fn new(control: Control, emulator: u32, calls: u64, rng: Rng) -> Self {
        let (injected, own_samples, emulator_samples) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self {
            control,
            rng,
            injected,
            own_samples,
            emulator_samples,
            emulator,
            calls,
            previous_calls: 0,
            sampled: 0,
        }
    }

    /// Resets the emulator, and seeds the objects that the sequences use.
    pub fn reset(&mut self, round: &Round) -> Done<()> {
        self.control.post("reset", None)?;
        self.control.post("seed", Some(&seed()))?;
        self.control.post("idp/clients", Some(&machine()))?;
        self.new_token(round)
    }

    /// Injects faults until all workers have ended.
    pub fn run(&mut self, round: &Round) -> Done<()> {
        let mut changes = 0;
        while !round.has_ended() {
            self.sample(self.previous_calls + u64::from(round.progress()));
            while changes < CHANGES && round.progress() >= changes * round.calls / CHANGES {
                changes += 1;
                self.change(round, changes)?;
            }
            thread::sleep(Duration::from_millis(1));
        }
        self.previous_calls += u64::from(round.calls);
        self.sample(self.previous_calls);
        self.clear_faults()
    }

    /// Removes the faults that no request has met.
    fn clear_faults(&mut self) -> Done<()> {
        let unused = self.control.get("faults")?;
        for fault in unused["faults"].as_array().into_iter().flatten() {
            if let Some(injected) = self.injected.get_mut(&name(fault)) {
                *injected = injected.saturating_sub(1);
            }
        }
        self.control.delete("faults").map(drop)
    }

    fn sample(&mut self, progress: u64) {
        if progress * SAMPLES < self.sampled * self.calls {
            return;
        }
        self.sampled = progress * SAMPLES / self.calls + 1;
        self.own_samples.extend(Sample::take(None));
        self.emulator_samples.extend(Sample::take(Some(self.emulator)));
    }

    fn change(&mut self, round: &Round, change: u32) -> Done<()> {
        let requests = round.calls / CHANGES;
        for _ in 0..requests / FAULT_ONE_IN {
            let after = self.rng.u32(..requests.max(1));
            let fault = fault(&mut self.rng, after);
            self.count(&name(&fault));
            self.control.post("fault", Some(&fault))?;
        }
        match change % 5 {
            1 => {
                self.count("signing keys rotated, old keys removed");
                self.control.post("rotate-keys?drop_old=true", None)?;
                self.new_token(round)?;
            }
            3 => {
                self.count("signing keys rotated");
                self.control.post("rotate-keys", None)?;
                self.new_token(round)?;
            }
            4 => {
                self.count("all access tokens revoked");
                self.control.post("seed", Some(&json!({"revoke_tokens": true})))?;
            }
            _ => {}
        }
        Ok(())
    }

    fn new_token(&mut self, round: &Round) -> Done<()> {
        let token = self.control.post("token", Some(&json!({"kind": "access"})))?;
        let token = token["token"].as_str().ok_or("the emulator returned no token")?;
        token.clone_into(&mut round.access_token.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }

    fn count(&mut self, name: &str) {
        *self.injected.entry(name.to_owned()).or_default() += 1;
    }
}

/// The name of a fault in the report.
fn name(fault: &Value) -> String {
    match fault["kind"].as_str().unwrap_or_default() {
        "status" if !fault["headers"]["retry-after"].is_null() => "429 with Retry-After".into(),
        "status" => format!("{} without Retry-After", fault["status"]),
        "delay" if fault["forever"] == true => "stall before the response".into(),
        "delay" => "delayed response".into(),
        "drop_before" => "closed before the request was handled".into(),
        "drop_after" => "closed after the request was handled".into(),
        "truncate" => "truncated response".into(),
        "slow_body" => "slow response".into(),
        "close_idle" => "closed after a response".into(),
        "malformed" => "response that is not JSON".into(),
        other => other.into(),
    }
}

/// A random fault of one request, after `after` other requests.
fn fault(rng: &mut Rng, after: u32) -> Value {
    let status = |status: u16, retry_after: Option<&str>| {
        let headers = retry_after.map_or(json!({}), |value| json!({"retry-after": value}));
        json!({"kind": "status", "status": status, "headers": headers})
    };
    // The token endpoint and the keys get their own share, because they would rarely fail otherwise.
    let operation = match rng.u32(..20) {
        0 => "oauth.token",
        1 => "oauth.keys",
        _ => "*",
    };
    let mut fault = match rng.u32(..100) {
        0..12 => json!({"kind": "drop_before"}),
        12..26 => json!({"kind": "drop_after"}),
        26..38 => json!({"kind": "truncate"}),
        38..50 => status(429, None),
        50..58 => status(429, Some("0")),
        58..61 => status(429, Some("1")),
        61..64 => status(429, Some("30")),
        64..76 => status(503, None),
        76..79 => status(500, None),
        79..83 => json!({"kind": "delay", "forever": true}),
        83..88 => json!({"kind": "delay", "ms": rng.u32(20..400)}),
        88..91 => json!({"kind": "slow_body", "chunk_ms": rng.u32(1..400)}),
        91..99 => json!({"kind": "close_idle"}),
        // Only for an operation whose response body is decoded. Otherwise the call would report success.
        _ => return json!({"kind": "malformed", "operation": "organizations.get", "after": after / 20}),
    };
    fault["operation"] = operation.into();
    fault["after"] = if operation == "*" { after.into() } else { 0.into() };
    fault
}

/// The machine client.
#[must_use]
pub fn machine() -> Value {
    json!({"client_id": "skc_machine", "client_secret": "machine_secret", "scopes": ["read"],
        "audience": ["https://api.example"]})
}

/// The objects that the sequences use, one of each kind per slot. Access tokens live for two seconds.
#[must_use]
pub fn seed() -> Value {
    let each = |make: fn(u32) -> Value| (0..SLOTS).map(make).collect::<Vec<_>>();
    let accounts = |n: u32| {
        [
            json!({"id": format!("ca_{n}"), "connector": "gmail", "identifier": format!("ada_{n}")}),
            json!({"id": format!("echo_{n}"), "connector": "emulator", "identifier": format!("ada_{n}")}),
            json!({"id": format!("waiting_{n}"), "connector": "gmail", "identifier": format!("bob_{n}"),
                "status": "PENDING_VERIFICATION", "auth_request_id": format!("verify_{n}")}),
        ]
    };
    json!({
        "organizations": each(|n| json!({"id": format!("org_{n}"), "display_name": format!("Slot {n}"),
            "connections": [{"id": format!("conn_{n}"), "status": "COMPLETED"}]})),
        "directories": each(|n| json!({"id": format!("dir_{n}"), "organization_id": format!("org_{n}"),
            "status": "COMPLETED", "generate": {"users": 12, "groups": 2}})),
        "users": each(|n| json!({"id": format!("usr_{n}"), "email": format!("slot{n}@soak.example"),
            "memberships": [{"organization_id": format!("org_{n}"), "status": "ACTIVE"}]})),
        "sessions": (0..SLOTS * 2).map(|n| json!({
            "session_id": if n < SLOTS { format!("ses_{n}") } else { format!("more_{n}") },
            "user_id": format!("usr_{}", n % SLOTS)})).collect::<Vec<_>>(),
        "passkeys": (0..SLOTS * 2).map(|n| json!({
            "id": if n < SLOTS { format!("cred_{n}") } else { format!("spare_{}", n - SLOTS) },
            "user_id": format!("usr_{}", n % SLOTS)})).collect::<Vec<_>>(),
        "auth_logs": each(|n| json!({"email": format!("slot{n}@soak.example")})),
        "connected_accounts": (0..SLOTS).flat_map(accounts).collect::<Vec<_>>(),
        "passwordless": {"attempts": each(|n| json!({"auth_request_id": format!("ar_{n}"),
            "email": format!("slot{n}@soak.example"), "code": "123456"}))},
        "token_lifetime_seconds": 2,
    })
}
