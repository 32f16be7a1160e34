//! Without faults, every call of every sequence has its expected outcome, in both styles.

use std::sync::mpsc;
use std::task::{Context, Poll, Wake, Waker};

use scalekit::{AsyncScalekitClient, ClientOptions, ScalekitClient};
use scalekit_emulator::Emulator;
use scalekit_soak::sequence::{self, Variables};
use scalekit_soak::{calls, faults};

struct ChannelWaker(mpsc::Sender<()>);

impl Wake for ChannelWaker {
    fn wake(self: std::sync::Arc<Self>) {
        let _ = self.0.send(());
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = Box::pin(future);
    let (sender, receiver) = mpsc::channel();
    let waker = Waker::from(std::sync::Arc::new(ChannelWaker(sender)));
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return value;
        }
        receiver.recv().unwrap();
    }
}

#[test]
fn every_call_has_its_expected_outcome_without_faults() {
    let emulator = Emulator::start_blocking_with(scalekit_emulator::Settings::strict()).unwrap();
    emulator.seed(faults::seed()).unwrap();
    emulator.register_client(faults::machine()).unwrap();
    let token = emulator.make_token(serde_json::json!({"kind": "access"})).unwrap();
    let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
    let blocking = ScalekitClient::new(url, id, secret, ClientOptions::default()).unwrap();
    let asynchronous = AsyncScalekitClient::new(url, id, secret, ClientOptions::default()).unwrap();
    let common =
        [("access_token", token["token"].as_str().unwrap().to_owned()), ("client_id", id.to_owned())];
    let mut wrong = Vec::new();
    for (slot, style) in ["blocking", "async"].into_iter().enumerate() {
        for (number, sequence) in sequence::all().unwrap().iter().enumerate() {
            let mut variables = Variables::new(format!("r{slot}e{number}"), slot as u32 * 2, &common);
            for step in &sequence.steps {
                let Some(args) = step.arguments(&variables) else {
                    wrong.push(format!("{style} {}: a variable is unbound", step.call));
                    continue;
                };
                let result = match style {
                    "blocking" => calls::blocking(&blocking, step.call, &args),
                    _ => block_on(calls::asynchronous(&asynchronous, step.call, &args)),
                };
                match &result {
                    Ok(value) => step.bind(value, &mut variables),
                    Err(error) if !step.expects_error => {
                        wrong.push(format!("{style} {}: {error}", step.call))
                    }
                    Err(_) => {}
                }
                if result.is_ok() && step.expects_error {
                    wrong.push(format!("{style} {}: it did not fail", step.call));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
