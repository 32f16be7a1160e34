//! What was read can be changed and written back, without the fields that only the service writes.

mod support;

use scalekit_emulator::Emulator;
use support::caller::call;
use support::{Style, emulator, in_every_style, quick};

in_every_style!(an_organization);

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
