//! In fair weather every call of every errand does what it is there for, in both styles.

use std::sync::mpsc;
use std::task::{Context, Poll, Wake, Waker};

use scalekit::{AsyncScalekitClient, ClientOptions, ScalekitClient};
use scalekit_emulator::Emulator;
use scalekit_soak::errand::{self, Words};
use scalekit_soak::{calls, weather};

struct Ring(mpsc::Sender<()>);

impl Wake for Ring {
    fn wake(self: std::sync::Arc<Self>) {
        let _ = self.0.send(());
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = Box::pin(future);
    let (ring, rung) = mpsc::channel();
    let waker = Waker::from(std::sync::Arc::new(Ring(ring)));
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return value;
        }
        rung.recv().unwrap();
    }
}

#[test]
fn every_call_does_what_it_is_there_for() {
    let emulator = Emulator::start_blocking().unwrap();
    emulator.seed(weather::seed()).unwrap();
    emulator.register_client(weather::machine()).unwrap();
    let token = emulator.make_token(serde_json::json!({"kind": "access"})).unwrap();
    let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
    let blocking = ScalekitClient::new(url, id, secret, ClientOptions::default()).unwrap();
    let asynchronous = AsyncScalekitClient::new(url, id, secret, ClientOptions::default()).unwrap();
    let common =
        [("access_token", token["token"].as_str().unwrap().to_owned()), ("client_id", id.to_owned())];
    let mut wrong = Vec::new();
    for (slot, style) in ["blocking", "async"].into_iter().enumerate() {
        for (number, errand) in errand::all().unwrap().iter().enumerate() {
            let mut words = Words::new(format!("r{slot}e{number}"), slot as u32 * 2, &common);
            for step in &errand.steps {
                let Some(args) = step.arguments(&words) else {
                    wrong.push(format!("{style} {}: something is missing", step.call));
                    continue;
                };
                let result = match style {
                    "blocking" => calls::blocking(&blocking, step.call, &args),
                    _ => block_on(calls::asynchronous(&asynchronous, step.call, &args)),
                };
                match &result {
                    Ok(value) => step.keep(value, &mut words),
                    Err(error) if !step.fails => wrong.push(format!("{style} {}: {error}", step.call)),
                    Err(_) => {}
                }
                if result.is_ok() && step.fails {
                    wrong.push(format!("{style} {}: it did not fail", step.call));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
