//! Plays `tests/scenarios/*.json` in Rust, in both styles.

mod scenario;

use scalekit::{AsyncScalekitClient, ClientOptions, ScalekitClient, ScalekitError};
use scalekit_emulator::Emulator;
use scenario::{Arguments, Play, Scenario, written};
use serde_json::Value;

/// One line a call, for both styles: `.await` is left out in the blocking one.
macro_rules! dispatch {
    ($client:expr, $call:expr, $with:expr $(, $await:ident)?) => {{
        let (client, with) = ($client, $with);
        match $call {
            "organizations.list" => written(client.organizations().list(with.value("params")) $(.$await)?),
            "organizations.create" => written(client.organizations().create(with.value("organization")) $(.$await)?),
            "organizations.get" => written(client.organizations().get(with.text("id")) $(.$await)?),
            "organizations.get_by_external_id" => {
                written(client.organizations().get_by_external_id(with.text("external_id")) $(.$await)?)
            }
            "organizations.update" => {
                written(client.organizations().update(with.text("id"), with.value("organization")) $(.$await)?)
            }
            "organizations.delete" => written(client.organizations().delete(with.text("id")) $(.$await)?),
            "organizations.generate_portal_link" => {
                let features = with.list("features");
                written(client.organizations().generate_portal_link(with.text("id"), features) $(.$await)?)
            }
            "organizations.update_settings" => {
                written(client.organizations().update_settings(with.text("id"), with.value("settings")) $(.$await)?)
            }
            "organizations.list_all" => {
                let (pager, mut all) = (client.organizations().list_all(with.value("params")), Vec::new());
                loop {
                    match pager.next_page() $(.$await)? {
                        Ok(Some(page)) => all.extend(page),
                        Ok(None) => break written(Ok(all)),
                        Err(error) => break Err(error),
                    }
                }
            }
            "connections.list" => written(client.connections().list(with.value("params")) $(.$await)?),
            "connections.get" => {
                let (organization, connection) = (with.text("organization_id"), with.text("connection_id"));
                written(client.connections().get(organization, connection) $(.$await)?)
            }
            "connections.enable" => {
                let (organization, connection) = (with.text("organization_id"), with.text("connection_id"));
                written(client.connections().enable(organization, connection) $(.$await)?)
            }
            "connections.disable" => {
                let (organization, connection) = (with.text("organization_id"), with.text("connection_id"));
                written(client.connections().disable(organization, connection) $(.$await)?)
            }
            "client.jwks" => written(client.jwks() $(.$await)?),
            "client.request" => {
                let (method, path) = (with.method(), with.text("path"));
                let response = client.request(method, path, with.query(), with.json("body")) $(.$await)?;
                response.map(scenario::raw)
            }
            unknown => panic!("a call that the runner does not know: {unknown}"),
        }
    }};
}

fn options(scenario: &Scenario) -> ClientOptions {
    scenario::options(&scenario.client)
}

#[tokio::test]
async fn asynchronous() {
    let emulator = Emulator::start().await.unwrap();
    for scenario in scenario::all() {
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        let client = AsyncScalekitClient::new(url, id, secret, options(&scenario)).unwrap();
        let mut play = Play::begin(&emulator, &scenario);
        for step in &scenario.steps {
            let with = play.arguments(step);
            let outcome: Result<(Value, String), ScalekitError> =
                dispatch!(&client, step.call.as_str(), &with, await);
            play.check(step, &with, outcome);
        }
    }
}

#[test]
fn blocking() {
    let emulator = Emulator::start_blocking().unwrap();
    for scenario in scenario::all() {
        let (url, id, secret) = (emulator.environment_url(), emulator.client_id(), emulator.client_secret());
        let client = ScalekitClient::new(url, id, secret, options(&scenario)).unwrap();
        let mut play = Play::begin(&emulator, &scenario);
        for step in &scenario.steps {
            let with: Arguments = play.arguments(step);
            let outcome: Result<(Value, String), ScalekitError> =
                dispatch!(&client, step.call.as_str(), &with);
            play.check(step, &with, outcome);
        }
    }
}
