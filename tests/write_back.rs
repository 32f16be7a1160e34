//! What was read can be changed and written back, without the fields that only the service writes.

mod support;

use scalekit::{CreateM2mClient, CustomClaim, SessionPolicySource};
use scalekit_emulator::Emulator;
use support::caller::call;
use support::{Style, emulator, in_every_style, quick};

in_every_style!(an_organization, a_client, a_session_policy);

fn updated(emulator: &Emulator, operation: &str) -> Vec<String> {
    let last = emulator.requests_of(operation).pop().expect("an update arrived");
    let fields = last.body.as_object().expect("an update is an object");
    fields.keys().cloned().collect()
}

fn an_organization(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let before = client.get("org_1").unwrap();
    let mut change = before.to_update();
    change.display_name = Some("Acme II".into());
    let after = call!(client, client => client.organizations().update("org_1", change)).unwrap();
    assert_eq!(updated(&emulator, "organizations.update"), ["display_name", "external_id", "metadata"]);
    assert_eq!((after.display_name.as_str(), after.external_id), ("Acme II", before.external_id));
}

fn a_client(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let new = CreateM2mClient {
        name: Some("Nightly".into()),
        scopes: Some(vec!["orders:read".into()]),
        custom_claims: Some(vec![CustomClaim { key: "team".into(), value: "ops".into() }]),
        ..Default::default()
    };
    let before = call!(client, client => client.clients().create("org_1", new)).unwrap().client;
    let mut change = before.to_update();
    change.expiry = Some(60);
    let id = before.client_id.as_str();
    let after = call!(client, client => client.clients().update("org_1", id, change)).unwrap();
    let sent = updated(&emulator, "clients.update");
    assert_eq!(sent, ["audience", "custom_claims", "expiry", "name", "scopes"]);
    assert_eq!((after.expiry, after.name), (Some(60), before.name));
    assert_eq!((after.scopes, after.custom_claims), (before.scopes, before.custom_claims));
}

fn a_session_policy(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let before = call!(client, client => client.organizations().get_session_policy("org_1")).unwrap();
    let mut change = before.to_update();
    change.policy_source = Some(SessionPolicySource::Custom);
    change.idle_session_timeout = Some(90);
    let update = call!(client, client => client.organizations().update_session_policy("org_1", change));
    let after = update.unwrap();
    assert_eq!(updated(&emulator, "organizations.update_session_policy").len(), 6);
    assert_eq!(
        (after.policy_source, after.idle_session_timeout),
        (Some(SessionPolicySource::Custom), Some(90))
    );
    assert_eq!(after.absolute_session_timeout, before.absolute_session_timeout);
}
